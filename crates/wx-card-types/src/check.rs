//! Finding what is wrong with a request.

use crate::source::page;
use crate::{Finding, Invalid, Level, Rule};

/// Collects what is wrong with a request, each finding under the path of its field.
///
/// One pass finds errors and warnings alike.
///
/// ```
/// use wx_card_types::Check;
///
/// let mut check = Check::new();
/// check.filled("card_id", "");
/// check.within("base_info", |check| check.max_bytes("title", "双人火锅套餐代金券", 24));
/// let invalid = check.finish().unwrap_err();
/// assert_eq!(
///     invalid.to_string(),
///     "card_id: must not be empty; \
///      base_info.title: has 27 bytes in 9 characters, must have at most 24 bytes (a Chinese character has 3)",
/// );
/// ```
#[derive(Debug)]
pub struct Check {
    findings: Vec<Finding>,
    level: Level,
    operation: &'static str,
    prefix: String,
}

impl Default for Check {
    fn default() -> Self {
        Self::of("")
    }
}

impl Check {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing found yet in a request to the operation with this path; the path tells the source of the rules.
    pub(crate) const fn of(operation: &'static str) -> Self {
        Self {
            findings: Vec::new(),
            level: Level::Error,
            operation,
            prefix: String::new(),
        }
    }

    /// Whether the errors found, if any, let the request be sent; warnings do.
    ///
    /// # Errors
    ///
    /// [`Invalid`] if there are errors.
    pub fn finish(self) -> Result<(), Invalid> {
        Invalid::of(self.findings).map_or(Ok(()), Err)
    }

    /// Everything found, in the order of the request: errors and warnings.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }

    /// Notes that `field` breaks `rule`.
    pub fn violation(&mut self, field: &str, rule: Rule) {
        let field = format!("{}{field}", self.prefix);
        self.findings.push(Finding {
            level: self.level,
            source: page(self.operation, &field),
            field,
            rule,
        });
    }

    /// Notes that `field` breaks `rule`, which the service may let pass.
    pub fn warning(&mut self, field: &str, rule: Rule) {
        self.as_warnings(|check| check.violation(field, rule));
    }

    /// Whatever `check` finds is a warning.
    pub fn as_warnings(&mut self, check: impl FnOnce(&mut Self)) {
        let level = std::mem::replace(&mut self.level, Level::Warning);
        check(self);
        self.level = level;
    }

    /// Checks the members of `object`.
    pub fn within(&mut self, object: &str, check: impl FnOnce(&mut Self)) {
        let length = self.prefix.len();
        self.prefix.push_str(object);
        self.prefix.push('.');
        check(self);
        self.prefix.truncate(length);
    }

    /// `value` must not be empty.
    pub fn filled(&mut self, field: &str, value: impl AsRef<str>) {
        if value.as_ref().trim().is_empty() {
            self.violation(field, Rule::Empty);
        }
    }

    /// `value` must not be empty where it is given.
    pub fn filled_if_given(&mut self, field: &str, value: Option<&(impl AsRef<str> + ?Sized)>) {
        if let Some(value) = value {
            self.filled(field, value);
        }
    }

    /// `value` must have at most `max` bytes of UTF-8.
    pub fn max_bytes(&mut self, field: &str, value: impl AsRef<str>, max: usize) {
        let bytes = value.as_ref().len();
        if bytes > max {
            let characters = value.as_ref().chars().count();
            self.violation(field, Rule::TooLong { bytes, characters, max });
        }
    }

    /// `url` should lie where WeChat's image upload puts pictures; anything else is a warning.
    ///
    /// The service has refused pictures from elsewhere (40141), but its own samples show other hosts.
    pub fn uploaded_image(&mut self, field: &str, url: impl AsRef<str>) {
        let url = url.as_ref().trim();
        if !url.is_empty() && !is_uploaded(url) {
            self.warning(field, Rule::Form { expected: UPLOADED });
        }
    }

    /// `value` must lie between `min` and `max`, both included.
    pub fn range(&mut self, field: &str, value: i64, min: i64, max: i64) {
        if value < min || max < value {
            self.violation(field, Rule::Range { value, min, max });
        }
    }

    /// There must be `min` to `max` items.
    pub fn count(&mut self, field: &str, count: usize, min: usize, max: usize) {
        if count < min || max < count {
            self.violation(field, Rule::Count { count, min, max });
        }
    }

    /// No item may be empty, none may stand twice.
    pub fn distinct<T: AsRef<str>>(&mut self, field: &str, items: &[T]) {
        let mut seen = std::collections::BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            self.filled(&format!("{field}[{index}]"), item);
            if let Some(first) = seen.insert(item.as_ref(), index) {
                self.violation(&format!("{field}[{index}]"), Rule::Repeated { first });
                seen.insert(item.as_ref(), first);
            }
        }
    }
}

/// Where the image upload puts pictures, in words.
pub(crate) const UPLOADED: &str = "an address that the image upload answered, such as http://mmbiz.qpic.cn/…";

/// Whether `url` is on a host of WeChat's pictures.
fn is_uploaded(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or_default();
    let host = host.to_ascii_lowercase();
    [".qpic.cn", ".qlogo.cn"]
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|name| !name.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_lie_on_the_hosts_of_the_upload() {
        for url in [
            "http://mmbiz.qpic.cn/mmbiz/a/0",
            "https://mmbiz.qpic.cn?a",
            "http://wx.qlogo.cn/a",
        ] {
            assert!(is_uploaded(url), "{url}");
        }
        for url in [
            "www.qq.com/a.jpg",
            "http://example.com/mmbiz.qpic.cn",
            "http://xqpic.cn/a",
            "http://.qpic.cn/a",
        ] {
            assert!(!is_uploaded(url), "{url}");
        }
    }

    #[test]
    fn a_warning_is_found_and_lets_the_request_pass() {
        let mut check = Check::of("/card/create");
        check.within("card", |check| check.uploaded_image("a", "http://example.com"));
        assert!(!check.has_errors());
        let findings = check.into_findings();
        assert_eq!((findings.len(), findings[0].level), (1, Level::Warning));
        assert_eq!(findings[0].field, "card.a");
        assert_eq!(Invalid::of(findings), None);
    }
}
