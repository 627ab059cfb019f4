//! A sandbox with two accounts, and the programs as processes beside it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use wx_card::core::HttpSend as _;
use wx_card_sandbox::{Sandbox, Server};
use wx_http_hyper::HyperClient;

pub(crate) const ANNA: &str = "wx1111111111111111";
pub(crate) const BEN: &str = "wx2222222222222222";
const SECRETS: [(&str, &str); 2] = [(ANNA, "the-secret-of-anna"), (BEN, "the-secret-of-ben")];

/// An account of the services that the sandbox gives another secret.
pub(crate) const CARL: &str = "wx3333333333333333";
pub(crate) const WRONG_SECRET: &str = "a-secret-that-is-wrong";

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    server: Server,
    accounts: NamedTempFile,
    pub(crate) http: HyperClient,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let mut builder = Sandbox::builder().account(CARL, "another secret");
        for (app_id, secret) in SECRETS {
            builder = builder.account(app_id, secret);
        }
        let sandbox = builder.build().unwrap();
        let server = sandbox.serve((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap();
        let mut accounts = NamedTempFile::new().unwrap();
        let [(anna, secret_of_anna), (ben, secret_of_ben)] = SECRETS;
        let object = json!({anna: secret_of_anna, ben: secret_of_ben, CARL: WRONG_SECRET});
        accounts.write_all(object.to_string().as_bytes()).unwrap();
        Self {
            sandbox,
            server,
            accounts,
            http: HyperClient::builder().no_proxy().build().unwrap(),
        }
    }

    pub(crate) fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// Starts a service of this package, against the sandbox and on a free port.
    pub(crate) fn start(&self, program: &str) -> Program {
        let mut child = Command::new(program)
            .arg("127.0.0.1:0")
            .arg(self.accounts.path())
            .arg(self.base_url())
            .env("TOKEN_SERVER_KEY", KEY)
            .env("NO_PROXY", "*")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut url).unwrap();
        Program {
            child,
            url: url.trim().to_owned(),
        }
    }

    pub(crate) fn control(&self, name: &str, body: &Value) -> Value {
        self.sandbox.control(name, body).unwrap()
    }

    pub(crate) fn ledger(&self, what: &str) -> Value {
        self.control("ledger", &json!({}))[what].clone()
    }

    pub(crate) async fn post(&self, url: &str, body: &str) -> (StatusCode, Value) {
        let request = Request::post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Bytes::from(body.to_owned()));
        self.ask(request.unwrap()).await
    }

    pub(crate) async fn ask(&self, request: Request<Bytes>) -> (StatusCode, Value) {
        let answer = self.http.send(request).await.unwrap();
        (answer.status(), serde_json::from_slice(answer.body()).unwrap())
    }
}

/// The key to the token server.
pub(crate) const KEY: &str = "the-key-to-the-token-server";

/// A running service; it ends with its test.
pub(crate) struct Program {
    child: Child,
    pub(crate) url: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
