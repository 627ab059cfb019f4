//! A request as it arrived at a server.

/// A request as it arrived.
#[derive(Clone)]
pub(super) struct Received {
    /// Method, target and version.
    line: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    whole: bool,
}

impl Received {
    pub(super) fn new(head: &[u8]) -> Self {
        let head = String::from_utf8_lossy(head);
        let mut lines = head.lines();
        let line = lines.next().unwrap_or_default().to_owned();
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Self {
            line,
            headers,
            body: Vec::new(),
            whole: false,
        }
    }

    /// Says whether it was read to its end.
    pub(super) fn whole(mut self, whole: bool) -> Self {
        self.whole = whole;
        self
    }

    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    pub(super) fn method(&self) -> &str {
        self.line.split(' ').next().unwrap_or_default()
    }

    pub(super) fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// All values of a header, with commas between them.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self
            .headers
            .iter()
            .filter(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    pub(super) fn is_chunked(&self) -> bool {
        self.header("transfer-encoding")
            .is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
    }

    pub(super) fn length(&self) -> usize {
        self.header("content-length")
            .and_then(|length| length.parse().ok())
            .unwrap_or(0)
    }

    /// Whether the client sends the body only after an interim answer.
    pub(super) fn waits_for_leave(&self) -> bool {
        self.header("expect").is_some()
    }

    /// Whether an answer in the content coding `name` was asked for.
    pub(super) fn accepts(&self, name: &str) -> bool {
        let accepted = self.header("accept-encoding").unwrap_or_default();
        accepted
            .split(',')
            .filter(|part| !part.replace(' ', "").ends_with(";q=0"))
            .filter_map(|part| part.split(';').next())
            .any(|part| part.trim().eq_ignore_ascii_case(name) || part.trim() == "*")
    }
}
