//! The steps, each a script that the server runs alone.

use redis::{Cmd, Script, cmd};

/// A script, known to the server by its hash once it has seen it.
pub(crate) struct Step {
    code: String,
    hash: String,
}

impl Step {
    fn new(parts: &[&str]) -> Self {
        let code = parts.concat();
        let hash = Script::new(&code).get_hash().to_owned();
        Self { code, hash }
    }

    /// The command that runs it by its hash.
    pub(crate) fn by_hash(&self, call: &Call<'_>) -> Cmd {
        call.command("EVALSHA", &self.hash)
    }

    /// The command that brings it along, for a server that has not seen it since its start.
    pub(crate) fn by_code(&self, call: &Call<'_>) -> Cmd {
        call.command("EVAL", &self.code)
    }
}

/// What a step is run with.
pub(crate) struct Call<'a> {
    pub(crate) step: &'a Step,
    pub(crate) keys: &'a [&'a str],
    pub(crate) arguments: &'a [&'a [u8]],
}

impl Call<'_> {
    fn command(&self, name: &str, script: &str) -> Cmd {
        let mut command = cmd(name);
        command.arg(script).arg(self.keys.len()).arg(self.keys);
        for argument in self.arguments {
            command.arg(*argument);
        }
        command
    }
}

/// The steps of one layout.
pub(crate) struct Steps {
    pub(crate) load: Step,
    pub(crate) save: Step,
    pub(crate) lease: Step,
    pub(crate) release: Step,
    pub(crate) limit: Step,
}

const COMMON: &str = include_str!("lua/common.lua");
const OWN: &str = include_str!("lua/own.lua");
const WX_JAVA: &str = include_str!("lua/wx_java.lua");

impl Steps {
    /// Those over values of our own.
    pub(crate) fn own() -> Self {
        Self::of([OWN, include_str!("lua/load.lua")], [OWN, include_str!("lua/save.lua")])
    }

    /// Those over WxJava's values.
    pub(crate) fn wx_java() -> Self {
        Self::of(
            [WX_JAVA, include_str!("lua/wx_java_load.lua")],
            [WX_JAVA, include_str!("lua/wx_java_save.lua")],
        )
    }

    fn of(load: [&str; 2], save: [&str; 2]) -> Self {
        let [load_prelude, load] = load;
        let [save_prelude, save] = save;
        Self {
            load: Step::new(&[COMMON, load_prelude, load]),
            save: Step::new(&[COMMON, save_prelude, save]),
            lease: Step::new(&[COMMON, include_str!("lua/lease.lua")]),
            release: Step::new(&[COMMON, include_str!("lua/release.lua")]),
            limit: Step::new(&[COMMON, include_str!("lua/limit.lua")]),
        }
    }
}
