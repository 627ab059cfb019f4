//! The plan of faults: which request gets which.

use http::Uri;
use serde_json::{Map, Value, json};

use super::random::Random;
use super::{Fault, Kind};

/// The faults in force. It is not kept in the state file: a service that starts anew has none.
#[derive(Debug)]
pub(crate) struct Plan {
    random: Random,
    rules: Vec<Rule>,
    seed: u64,
}

/// Which requests have a fault, and how often.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) fault: Fault,
    /// How many requests had this fault.
    fired: u64,
    /// How many requests came to this rule and fitted its pattern.
    matched: u64,
    pattern: Pattern,
    pub(crate) probability: f64,
    pub(crate) skip: u64,
    pub(crate) times: Option<u64>,
}

/// Which paths a rule is for.
#[derive(Debug)]
pub(crate) enum Pattern {
    Every,
    Exactly(String),
    /// What begins with this, which ends in a slash.
    Under(String),
}

impl Default for Plan {
    fn default() -> Self {
        Self::new(0, Vec::new())
    }
}

impl Plan {
    pub(crate) const fn new(seed: u64, rules: Vec<Rule>) -> Self {
        Self {
            random: Random::new(seed),
            rules,
            seed,
        }
    }

    /// The fault of the next request, which is for `path`: that of the first rule that fires.
    pub(crate) fn next(&mut self, path: &str) -> Option<Fault> {
        let random = &mut self.random;
        self.rules.iter_mut().find_map(|rule| rule.next(path, random))
    }

    /// The plan with its counters, as the control call shows it.
    pub(crate) fn report(&self) -> Value {
        let rules: Vec<Value> = self.rules.iter().map(Rule::report).collect();
        json!({"seed": self.seed, "rules": rules})
    }
}

impl Rule {
    /// A rule that fires for every request that fits.
    pub(crate) const fn new(pattern: Pattern, fault: Fault) -> Self {
        Self {
            fault,
            fired: 0,
            matched: 0,
            pattern,
            probability: 1.0,
            skip: 0,
            times: None,
        }
    }

    /// The fault, if the rule fires for a request for `path`.
    fn next(&mut self, path: &str, random: &mut Random) -> Option<Fault> {
        if !self.pattern.fits(path) {
            return None;
        }
        self.matched += 1;
        let is_due = self.skip < self.matched && self.times.is_none_or(|times| self.fired < times);
        if !is_due || !random.happens(self.probability) {
            return None;
        }
        self.fired += 1;
        Some(self.fault.clone())
    }

    fn report(&self) -> Value {
        let mut members = Map::new();
        let mut say = |name: &str, value: Value| members.insert(name.to_owned(), value);
        say("path", self.pattern.text().into());
        say("fault", self.fault.name.into());
        say("applied", self.fault.is_applied.into());
        say("probability", self.probability.into());
        say("skip", self.skip.into());
        if let Some(times) = self.times {
            say("times", times.into());
        }
        match &self.fault.kind {
            Kind::Errcode { errcode, errmsg } => {
                say("errcode", (*errcode).into());
                say("errmsg", errmsg.as_ref().into());
            }
            Kind::Delay(pause) | Kind::SlowDrip(pause) => {
                say("millis", u64::try_from(pause.as_millis()).unwrap_or(u64::MAX).into());
            }
            Kind::Oversized(bytes) | Kind::ResetMidAnswer(Some(bytes)) => {
                say("bytes", (*bytes).into());
            }
            _ => {}
        }
        say("matched", self.matched.into());
        say("fired", self.fired.into());
        Value::Object(members)
    }
}

impl Pattern {
    /// The paths that `text` means: all for `*`, those below for what ends in `/*`, else the one that it is.
    ///
    /// None if it is neither, so that a slip of the pen does not make a rule that never fires.
    pub(crate) fn new(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Every);
        }
        let below = text.strip_suffix("/*");
        let path = below.unwrap_or(text);
        // What is not written as requests write it fits none.
        let is_path = text.starts_with('/') && !path.contains(['*', '?', '#']) && text.parse::<Uri>().is_ok();
        is_path.then(|| match below {
            Some(below) => Self::Under(format!("{below}/")),
            None => Self::Exactly(text.to_owned()),
        })
    }

    fn fits(&self, path: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Exactly(exact) => exact == path,
            Self::Under(folder) => path.starts_with(folder.as_str()),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Every => String::from("*"),
            Self::Exactly(path) => path.clone(),
            Self::Under(folder) => format!("{folder}*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(pattern: &str, name: &'static str) -> Rule {
        let fault = Fault {
            is_applied: true,
            kind: Kind::ResetAfter,
            name,
        };
        Rule::new(Pattern::new(pattern).unwrap(), fault)
    }

    fn names(plan: &mut Plan, requests: usize) -> Vec<&'static str> {
        let next = |_| plan.next("/card/get").map_or("-", |fault| fault.name);
        (0..requests).map(next).collect()
    }

    #[test]
    fn a_pattern_is_every_path_a_folder_or_one_path() {
        for (pattern, fits, fits_not) in [
            ("*", &["/card/get", "/cgi-bin/token", "/"][..], &[][..]),
            (
                "/card/*",
                &["/card/get", "/card/code/get"],
                &["/card", "/cardx/get", "/cgi-bin/token"],
            ),
            ("/*", &["/card/get", "/"], &[]),
            ("/card/get", &["/card/get"], &["/card/get/", "/card/getx"]),
        ] {
            let made = Pattern::new(pattern).unwrap();
            assert!(fits.iter().all(|path| made.fits(path)), "{pattern}");
            assert!(!fits_not.iter().any(|path| made.fits(path)), "{pattern}");
            assert_eq!(made.text(), pattern);
        }
        for none in [
            "",
            "card/get",
            "**",
            "/card*",
            "/*/get",
            "/card/get?a=1",
            "/card/a b",
            "http://a/card/get",
            "/a#b",
        ] {
            assert!(Pattern::new(none).is_none(), "{none}");
        }
    }

    #[test]
    fn the_first_rule_that_fires_counts() {
        let (mut first, second) = (rule("/card/get", "first"), rule("*", "second"));
        first.skip = 1;
        first.times = Some(2);
        let mut plan = Plan::new(0, vec![first, second]);
        assert_eq!(names(&mut plan, 5), ["second", "first", "first", "second", "second"]);
        let report = plan.report();
        let counts = |index: usize| {
            (
                report["rules"][index]["matched"].clone(),
                report["rules"][index]["fired"].clone(),
            )
        };
        assert_eq!(counts(0), (json!(5), json!(2)));
        assert_eq!(
            counts(1),
            (json!(3), json!(3)),
            "it is asked only when the first does not fire"
        );
    }

    #[test]
    fn a_rule_of_no_times_never_fires() {
        let mut rule = rule("*", "never");
        rule.times = Some(0);
        assert_eq!(names(&mut Plan::new(0, vec![rule]), 3), ["-"; 3]);
    }

    #[test]
    fn a_seed_repeats_itself_and_another_one_does_not() {
        let run = |seed| {
            let mut rule = rule("*", "x");
            rule.probability = 0.5;
            names(&mut Plan::new(seed, vec![rule]), 64)
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }
}
