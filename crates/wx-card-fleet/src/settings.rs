//! What a worker is told at its start.

use std::time::Duration;

use wx_core::{BaseUrl, Secret};

pub(crate) const USAGE: &str = "\
fleet-worker --base-url URL [OPTION]...

One process of a fleet. The account is in the variables WX_APP_ID and WX_APP_SECRET; what the store keeps is sealed if
WX_SEAL_KEY has 64 hexadecimal digits.

  --base-url URL      the service, such as a sandbox on this machine
  --source WHICH      stable (the default) or classic: the endpoint that gives tokens
  --store URL         the Redis that the fleet shares, redis://…; without it each process is alone
  --layout WHICH      own (the default) or wx-java: how the store keeps them
  --prefix TEXT       what the keys in the store begin with; wx-card
  --lease MILLIS      how long whoever fetches keeps the others waiting; 10000
  --poll MILLIS       how often the others look; 50
  --without-store W   fetch (the default) or fail: what is done with no token and no store
  --clock SECONDS     how fast the clock of this process is; slow, where they are negative

Then it reads orders from stdin, a line of JSON each, and answers each with a line:

  {\"do\":\"burst\",\"callers\":500,\"what\":\"both\"}   every caller calls once; what: query, ticket or both
  {\"do\":\"load\",\"callers\":4,\"what\":\"query\"}     callers begin to call again and again
  {\"do\":\"tally\"}                               what came of the load so far
  {\"do\":\"stop\"}                                the load ends
  {\"do\":\"clock\",\"forward\":3600}                the clock jumps; back, where the number is negative
  {\"do\":\"forget\"}                              drops what this process holds itself
  {\"do\":\"report\"}                              a page reports a signature that is not taken
  {\"do\":\"sign\"}                                what wx.chooseCard is handed

It ends with its stdin.";

/// The settings of one process.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) app_id: String,
    pub(crate) app_secret: Secret,
    pub(crate) base_url: BaseUrl,
    pub(crate) is_classic: bool,
    /// The address of the store, which may have a password in it.
    pub(crate) store: Option<Secret>,
    pub(crate) is_wx_java: bool,
    pub(crate) prefix: String,
    pub(crate) seal_key: Option<Secret>,
    pub(crate) lease: Duration,
    pub(crate) poll: Duration,
    pub(crate) fails_without_store: bool,
    /// In seconds.
    pub(crate) clock_offset: i64,
}

impl Settings {
    /// What the arguments and the environment say; nothing, if they ask for help.
    pub(crate) fn read(
        mut arguments: impl Iterator<Item = String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, String> {
        let variable = |name: &str| environment(name).ok_or_else(|| format!("the variable {name} is not set"));
        let mut base_url = None;
        let mut settings = Self {
            app_id: String::new(),
            app_secret: Secret::new(""),
            base_url: BaseUrl::official(),
            is_classic: false,
            store: None,
            is_wx_java: false,
            prefix: String::from("wx-card"),
            seal_key: environment("WX_SEAL_KEY").map(Secret::new),
            lease: Duration::from_secs(10),
            poll: Duration::from_millis(50),
            fails_without_store: false,
            clock_offset: 0,
        };
        while let Some(name) = arguments.next() {
            if name == "--help" {
                return Ok(None);
            }
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--base-url" => base_url = Some(value),
                _ => settings.take(&name, value)?,
            }
        }
        let base_url = base_url.ok_or("--base-url is not given")?;
        settings.base_url = base_url.parse().map_err(|error| format!("--base-url: {error}"))?;
        settings.app_id = variable("WX_APP_ID")?;
        settings.app_secret = Secret::new(variable("WX_APP_SECRET")?);
        Ok(Some(settings))
    }

    fn take(&mut self, name: &str, value: String) -> Result<(), String> {
        match name {
            "--source" => self.is_classic = second_of(["stable", "classic"], name, &value)?,
            "--store" => self.store = Some(Secret::new(value)),
            "--layout" => self.is_wx_java = second_of(["own", "wx-java"], name, &value)?,
            "--prefix" => self.prefix = value,
            "--lease" => self.lease = Duration::from_millis(number(name, &value)?),
            "--poll" => self.poll = Duration::from_millis(number(name, &value)?),
            "--without-store" => self.fails_without_store = second_of(["fetch", "fail"], name, &value)?,
            "--clock" => self.clock_offset = number(name, &value)?,
            _ => return Err(format!("there is no option {name}")),
        }
        Ok(())
    }
}

fn number<N: std::str::FromStr>(name: &str, value: &str) -> Result<N, String> {
    value.parse().map_err(|_| format!("{name} {value}: not a whole number"))
}

/// Whether `value` is the second of two words.
fn second_of(words: [&str; 2], name: &str, value: &str) -> Result<bool, String> {
    let [first, second] = words;
    if value == first || value == second {
        Ok(value == second)
    } else {
        Err(format!("{name} {value}: take {first} or {second}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<Option<Settings>, String> {
        let words = words.split_whitespace().map(str::to_owned);
        Settings::read(words, |name| Some(format!("the {name}")))
    }

    #[test]
    fn options_are_read_and_have_defaults() {
        let settings = read("--base-url http://127.0.0.1:1 --clock -600 --source classic --layout wx-java --lease 5");
        let settings = settings.unwrap().unwrap();
        assert_eq!(settings.app_id, "the WX_APP_ID");
        assert_eq!((settings.clock_offset, settings.is_classic), (-600, true));
        assert_eq!((settings.is_wx_java, settings.lease), (true, Duration::from_millis(5)));
        assert_eq!(settings.poll, Duration::from_millis(50));
        assert!(settings.store.is_none() && !settings.fails_without_store);
        assert!(read("--help").unwrap().is_none());
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        for (words, problem) in [
            ("", "--base-url is not given"),
            ("--base-url", "--base-url needs a value"),
            ("--source new", "--source new: take stable or classic"),
            ("--clock soon", "--clock soon: not a whole number"),
            ("--fast yes", "there is no option --fast"),
        ] {
            assert_eq!(read(words).unwrap_err(), problem, "{words}");
        }
        let no_account = Settings::read(
            ["--base-url", "http://127.0.0.1:1"].map(str::to_owned).into_iter(),
            |_| None,
        );
        assert_eq!(no_account.unwrap_err(), "the variable WX_APP_ID is not set");
    }
}
