//! The table of layers.

/// What one crate of the workspace may depend on.
pub(super) struct Layer {
    /// The crate.
    pub(super) name: &'static str,
    /// Its direct dependencies, each with what it is for; test dependencies are free.
    pub(super) direct: &'static [(&'static str, &'static str)],
    /// The crates of the workspace that its tree may have.
    pub(super) workspace: &'static [&'static str],
    /// The heavy crates that its tree may have.
    pub(super) heavy: &'static [&'static str],
    /// The features of tokio that its tree may switch on, if not all.
    pub(super) tokio: Option<&'static [&'static str]>,
    /// How many packages its tree may have, itself included, with default features.
    pub(super) packages: usize,
    /// Crates that not even its tests may use.
    pub(super) never: &'static [&'static str],
}

/// Crates that cost build time, bring C code or choose a stack for the user.
pub(super) const HEAVY: &[&str] = &[
    "aws-lc-rs",
    "aws-lc-sys",
    "hyper",
    "native-tls",
    "openssl",
    "openssl-sys",
    "redis",
    "reqwest",
    "ring",
    "rustls",
    "tokio",
];

const SYNC: Option<&[&str]> = Some(&["sync"]);
const HYPER: &[&str] = &["hyper", "ring", "rustls", "tokio"];

/// The table. A new edge is a new line here, and a reviewer's question.
pub(super) const LAYERS: &[Layer] = &[
    Layer {
        name: "wx-card-types",
        direct: &[
            (
                "serde_core",
                "both directions of every wire object, without the derive machinery",
            ),
            ("serde_json", "members that have no field; the `cardExt` text"),
            (
                "sha1",
                "signatures by the processor's instructions; feature `fast-sha1`",
            ),
            ("sha1_smol", "signatures"),
        ],
        workspace: &[],
        heavy: &[],
        tokio: None,
        packages: 12,
        never: &["wx-card", "wx-card-sandbox", "wx-core"],
    },
    Layer {
        name: "wx-core",
        direct: &[
            ("async-trait", "traits of the caller's that are async and `dyn`"),
            ("bytes", "bodies"),
            ("futures-timer", "waits in any runtime; feature `system`"),
            ("getrandom", "the system's randomness; feature `system`"),
            ("http", "requests and answers of the transport"),
            ("serde", "the envelope, token and ticket answers"),
            ("serde_json", "the same"),
            ("tokio", "`sync` only: waiting for the one refresh"),
            ("tracing", "what happened, without what was said"),
            ("zeroize", "secrets leave no copy behind"),
        ],
        workspace: &[],
        heavy: &["tokio"],
        tokio: SYNC,
        packages: 32,
        never: &["wx-card", "wx-card-sandbox", "wx-card-types"],
    },
    Layer {
        name: "wx-card",
        direct: &[
            ("bytes", "bodies"),
            ("futures-util", "the stream over all pages; std has none"),
            ("serde", "the trait bounds of `call`"),
            ("serde_json", "bodies"),
            ("serde_path_to_error", "which member of an answer does not fit"),
            ("wx-card-types", "what each operation is"),
            ("wx-core", "how any call is made"),
        ],
        workspace: &["wx-card-types", "wx-core"],
        heavy: &["tokio"],
        tokio: SYNC,
        packages: 48,
        never: &[],
    },
    Layer {
        name: "wx-http-hyper",
        direct: &[
            ("async-trait", "to implement `HttpSend`"),
            ("bytes", "bodies"),
            ("http", "requests and answers"),
            ("http-body-util", "collects a body up to its limit"),
            ("hyper", "HTTP"),
            ("hyper-rustls", "TLS below it"),
            ("hyper-util", "its pool and its proxies"),
            ("rustls", "roots and verification"),
            ("rustls-native-certs", "the system's roots; feature `native-roots`"),
            ("tokio", "connections and deadlines"),
            ("tower-service", "the trait by which hyper's parts are joined"),
            ("webpki-roots", "Mozilla's roots; feature `webpki-roots`"),
            ("wx-core", "`HttpSend`"),
        ],
        workspace: &["wx-core"],
        heavy: HYPER,
        tokio: None,
        packages: 100,
        never: &["wx-card", "wx-card-types"],
    },
    Layer {
        name: "wx-card-sandbox",
        direct: &[
            ("async-trait", "to implement `HttpSend`"),
            ("bytes", "bodies"),
            ("http", "requests and answers"),
            ("http-body-util", "reads bodies"),
            ("hyper", "the server"),
            ("hyper-util", "hyper on tokio"),
            ("rcgen", "its own CA and certificate, made at start"),
            ("rustls", "TLS"),
            ("serde", "the state file and the control calls"),
            ("serde_json", "bodies"),
            ("sha1_smol", "checks signatures without the code that makes them"),
            ("tokio", "the server"),
            ("tokio-rustls", "TLS"),
            ("wx-card-types", "what each operation is"),
            ("wx-core", "`HttpSend`, `Clock`, `Entropy`"),
        ],
        workspace: &["wx-card-types", "wx-core"],
        heavy: HYPER,
        tokio: None,
        packages: 120,
        never: &["wx-card"],
    },
    Layer {
        name: "wx-card-cli",
        direct: &[
            ("async-trait", "the demo listens to its own transport"),
            ("bytes", "the same"),
            ("clap", "the command line and its help"),
            ("futures-util", "reads the stream over all cards"),
            ("http", "the demo listens to its own transport"),
            ("jiff", "times in the operator's own zone"),
            ("qrcode", "draws a code in the terminal"),
            ("serde", "the JSON that it prints"),
            ("serde_json", "the same, and the files that it is given"),
            ("serde_path_to_error", "which member of a file does not fit"),
            ("tempfile", "the sandbox's CA certificate as a file"),
            ("tokio", "the runtime, and the signals that end the sandbox"),
            ("wx-card", "the client"),
            ("wx-card-sandbox", "the service to try it against"),
            ("wx-http-hyper", "the transport"),
        ],
        workspace: &[
            "wx-card",
            "wx-card-sandbox",
            "wx-card-types",
            "wx-core",
            "wx-http-hyper",
        ],
        heavy: HYPER,
        tokio: None,
        packages: 200,
        never: &[],
    },
    Layer {
        name: "xtask",
        direct: &[("serde_json", "reads what cargo says")],
        workspace: &[],
        heavy: &[],
        tokio: None,
        packages: 8,
        never: &[],
    },
];
