//! A sandbox in which every operation works, and each of them as a value, for tests that run them all.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use serde_json::{Value, json};
use wx_card::core::{Entropy, Error, HttpSend, IntoTokenSource, SendError};
use wx_card::types::{
    BaseInfoUpdate, BatchGetCards, CardId, Cash, CashUpdate, CheckCodes, ConsumeCode, CreateCard, CreateLandingPage,
    CreateQrCode, CustomCodeMode, DecryptCode, DeleteCard, DepositCodes, Endpoint, Fen, GetCard, GetCode, GetColors,
    GetDepositCount, GetMpnewsHtml, GetUserCardList, LandingPageCard, LandingPageScene, MakeCodeUnavailable, MarkCode,
    ModifyStock, QrCard, SetPayCell, SetSelfConsumeCell, SetTestWhitelist, UpdateCard, UpdateCode, Upload, UploadImage,
};
use wx_card::{CardClient, CardClientBuilder};
use wx_card_sandbox::Sandbox;
use wx_core::test_util::ManualClock;

use crate::base_info;

pub(crate) const APP_ID: &str = "wx0000000000000001";
pub(crate) const APP_SECRET: &str = "canary-app-secret-that-opens-nothing";

/// Ten seconds before a full minute, so that waiting for the next one is within the patience of a call.
const NOW: u64 = 1_700_000_030;

/// What the service has, for the operations to work on.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) wire: Wire,
    pub(crate) held: Held,
    pub(crate) clock: ManualClock,
}

/// A card that draws codes with one of them in a user's hands, and the same of a card with deposited codes.
pub(crate) struct Held {
    pub(crate) card_id: CardId,
    pub(crate) code: String,
    pub(crate) encrypted: String,
    pub(crate) own_card_id: CardId,
    pub(crate) own_code: String,
}

impl World {
    pub(crate) async fn new(seed: u64) -> Self {
        let (clock, lot) = (ManualClock::at(NOW), Lot::new(seed));
        let sandbox = Sandbox::builder()
            .account(APP_ID, APP_SECRET)
            .clock(clock.clone())
            .entropy(lot.clone())
            .build()
            .unwrap();
        let wire = Wire {
            sandbox: sandbox.clone(),
            seen: Arc::default(),
            repeats_secrets: false,
        };
        let client = client_over(APP_SECRET, &wire, &clock).build();
        let held = Held::made(&client, &sandbox).await;
        wire.seen.lock().unwrap().paths.clear();
        Self {
            sandbox,
            wire,
            held,
            clock,
        }
    }

    /// A client that has neither a token nor a ticket yet.
    pub(crate) fn client(&self) -> CardClientBuilder {
        self.client_from(APP_SECRET)
    }

    pub(crate) fn client_from(&self, source: impl IntoTokenSource) -> CardClientBuilder {
        client_over(source, &self.wire, &self.clock)
    }

    /// Puts rules in force, each of them an object.
    pub(crate) fn go_wrong(&self, seed: u64, rules: &[Value]) {
        self.control("faults", &json!({"seed": seed, "rules": rules}));
    }

    pub(crate) fn control(&self, name: &str, body: &Value) -> Value {
        self.sandbox.control(name, body).unwrap()
    }

    /// How often the service did what is asked for at `path`.
    pub(crate) fn ran(&self, path: &str) -> u64 {
        let ledger = self.control("ledger", &json!({}));
        let count = |what: &str| ledger[what][path].as_u64().unwrap_or(0);
        count("requests") - count("refusals")
    }
}

fn client_over(source: impl IntoTokenSource, wire: &Wire, clock: &ManualClock) -> CardClientBuilder {
    CardClient::builder(APP_ID, source, wire.clone())
        .clock(clock.clone())
        .entropy(Lot::new(1))
}

impl Held {
    async fn made(client: &CardClient, sandbox: &Sandbox) -> Self {
        let create = async |base_info| {
            let request = CreateCard::new(Cash::new(base_info, Fen::from_yuan(10)));
            client.create_card(&request).await.unwrap().card_id
        };
        let take = |card_id: &CardId| {
            let taken = json!({"card_id": card_id, "openid": "oUser"});
            let taken = sandbox.control("take", &taken).unwrap();
            ["code", "encrypt_code"].map(|member| taken[member].as_str().unwrap().to_owned())
        };
        let card_id = create(base_info(10)).await;
        let own = base_info(0)
            .use_custom_code(true)
            .get_custom_code_mode(CustomCodeMode::Deposit);
        let own_card_id = create(own).await;
        let deposit = DepositCodes::new(&own_card_id, ["own-1"]);
        client.deposit_codes(&deposit).await.unwrap();
        client.modify_stock(&ModifyStock::new(&own_card_id, 1)).await.unwrap();
        let [code, encrypted] = take(&card_id);
        let [own_code, _] = take(&own_card_id);
        Self {
            card_id,
            code,
            encrypted,
            own_card_id,
            own_code,
        }
    }
}

/// An operation of the API.
pub(crate) struct Operation {
    pub(crate) path: &'static str,
    pub(crate) is_repeatable: bool,
    call: for<'a> fn(&'a CardClient, &'a Held) -> BoxFuture<'a, Called>,
}

/// What became of a call, with the `Debug` of what was asked and answered.
pub(crate) struct Called {
    pub(crate) request: String,
    pub(crate) result: Result<String, Error>,
}

impl Operation {
    pub(crate) async fn call(&self, client: &CardClient, held: &Held) -> Called {
        (self.call)(client, held).await
    }
}

/// Both forms of `Debug`.
pub(crate) fn debug(value: &impl fmt::Debug) -> String {
    format!("{value:?} {value:#?}")
}

macro_rules! operations {
    ($($method:ident: $endpoint:ty, $held:pat => $request:expr;)*) => {
        &[$(Operation {
            path: <$endpoint>::PATH,
            is_repeatable: <$endpoint>::IDEMPOTENT,
            call: |client, $held| {
                async move {
                    let request: $endpoint = $request;
                    let result = client.$method(&request).await;
                    Called {
                        request: debug(&request),
                        result: result.map(|answer| debug(&answer)),
                    }
                }
                .boxed()
            },
        }),*]
    };
}

/// Every operation.
pub(crate) const OPERATIONS: &[Operation] = operations! {
    batch_get_cards: BatchGetCards, _ => BatchGetCards::new(0_u32, 10_u32);
    check_codes: CheckCodes, held => CheckCodes::new(&held.own_card_id, ["own-1", "own-2"]);
    consume_code: ConsumeCode, held => ConsumeCode::new(&held.code);
    create_card: CreateCard, _ => CreateCard::new(Cash::new(base_info(1), Fen::from_yuan(1)));
    create_landing_page: CreateLandingPage, held => {
        let shown = [LandingPageCard::new(&held.card_id, "http://mmbiz.qpic.cn/thumb")];
        CreateLandingPage::new("http://mmbiz.qpic.cn/banner", "惠城优惠大派送", true, LandingPageScene::NearBy, shown)
    };
    create_qr_code: CreateQrCode, held => CreateQrCode::new(QrCard::new(&held.card_id)).expire_seconds(1800);
    decrypt_code: DecryptCode, held => DecryptCode::new(held.encrypted.as_str());
    delete_card: DeleteCard, held => DeleteCard::new(&held.card_id);
    deposit_codes: DepositCodes, held => DepositCodes::new(&held.own_card_id, ["own-2", "own-3"]);
    get_card: GetCard, held => GetCard::new(&held.card_id);
    get_code: GetCode, held => GetCode::new(&held.code);
    get_colors: GetColors, _ => GetColors::new();
    get_deposit_count: GetDepositCount, held => GetDepositCount::new(&held.own_card_id);
    get_mpnews_html: GetMpnewsHtml, held => GetMpnewsHtml::new(&held.card_id);
    get_user_card_list: GetUserCardList, _ => GetUserCardList::new("oUser");
    make_code_unavailable: MakeCodeUnavailable, held => {
        MakeCodeUnavailable::new(&held.own_code).card_id(&held.own_card_id)
    };
    mark_code: MarkCode, held => MarkCode::new(&held.code, &held.card_id, "oUser", true);
    modify_stock: ModifyStock, held => ModifyStock::new(&held.card_id, 5);
    set_pay_cell: SetPayCell, held => SetPayCell::new(&held.card_id, true);
    set_self_consume_cell: SetSelfConsumeCell, held => SetSelfConsumeCell::new(&held.card_id, true);
    set_test_whitelist: SetTestWhitelist, _ => SetTestWhitelist::new().openid(vec!["oUser".into()]);
    update_card: UpdateCard, held => {
        UpdateCard::new(&held.card_id, CashUpdate::new().base_info(BaseInfoUpdate::new().notice("请出示")))
    };
    upload_image: UploadImage, _ => UploadImage::new(b"\x89PNG\r\n\x1a\n");
    update_code: UpdateCode, held => UpdateCode::new(&held.own_code, "own-9").card_id(&held.own_card_id);
};

/// The sandbox, with an ear on the connection. Clones share what they hear.
#[derive(Clone)]
pub(crate) struct Wire {
    sandbox: Sandbox,
    seen: Arc<Mutex<Seen>>,
    /// Whether refusals repeat the token and the secret that came with the request, as some gateways do.
    pub(crate) repeats_secrets: bool,
}

#[derive(Default)]
struct Seen {
    paths: Vec<String>,
    secrets: BTreeSet<String>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Wire {
    /// How many requests for `path` were sent.
    pub(crate) fn sent(&self, path: &str) -> u64 {
        let paths = &self.seen.lock().unwrap().paths;
        paths.iter().filter(|sent| *sent == path).count().try_into().unwrap()
    }

    /// The app secret, and every token and ticket that was heard.
    pub(crate) fn secrets(&self) -> BTreeSet<String> {
        let mut secrets = self.seen.lock().unwrap().secrets.clone();
        secrets.insert(APP_SECRET.to_owned());
        secrets
    }

    fn keep(&self, secret: &str) {
        // A shorter one could stand in a text by chance, so that it could not be looked for.
        assert!(secret.len() > 50, "{secret}");
        self.seen.lock().unwrap().secrets.insert(secret.to_owned());
    }
}

#[async_trait]
impl HttpSend for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let uri = request.uri();
        self.seen.lock().unwrap().paths.push(uri.path().to_owned());
        let query = uri.query().unwrap_or_default();
        let token = query.split('&').find_map(|pair| pair.strip_prefix("access_token="));
        let token = token.map(str::to_owned);
        if let Some(token) = &token {
            self.keep(token);
        }
        let mut response = self.sandbox.send(request).await?;
        let answer = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
        for member in ["access_token", "ticket"] {
            // The ticket of a QR code is for everybody to see, and is told by its beginning.
            if let Some(secret) = answer[member].as_str().filter(|secret| !secret.starts_with("gQ")) {
                self.keep(secret);
            }
        }
        if self.repeats_secrets && answer["errcode"] != 0 && answer["errcode"] != Value::Null {
            let token = token.unwrap_or_default();
            let errmsg = format!("no {APP_SECRET} and /card/get?access_token={token} rid: 1-2-3");
            let body = json!({"errcode": answer["errcode"], "errmsg": errmsg}).to_string();
            *response.body_mut() = body.into();
        }
        Ok(response)
    }
}

/// Randomness that a seed repeats. Clones share it.
#[derive(Clone, Debug)]
struct Lot(Arc<Mutex<u64>>);

impl Lot {
    fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(seed)))
    }
}

impl Entropy for Lot {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for byte in bytes {
            // SplitMix64.
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed ^ (mixed >> 31)).to_le_bytes()[0];
        }
    }
}
