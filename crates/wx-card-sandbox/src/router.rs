//! Routes a card call to its handler by the declaration of its endpoint.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};
use wx_card_types::{Endpoint, Method, Upload};

use crate::decode::{Unfit, decode};
use crate::path::data_path;
use crate::reason::{
    BODY_MALFORMED, CARD_ID_MISSING, CODE_MISSING, FIELD_MISSING, MEDIA_MISSING, OPENID_MISSING, SYSTEM_BUSY,
};
use crate::refusal::Refusal;
use crate::state::Ctx;

type Done = Result<Map<String, Value>, Refusal>;

type Handler = Box<dyn Fn(&mut Ctx<'_>, Given<'_>) -> Done + Send + Sync>;

/// How a call comes in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Input {
    /// A `POST` of a form with a file.
    File,
    /// A `POST` of an object.
    Json,
    /// A `GET`.
    Nothing,
}

/// What came in.
pub(crate) enum Given<'a> {
    File(&'a [u8]),
    Json(Value),
}

/// Every card call that the sandbox knows.
#[derive(Default)]
pub(crate) struct Router {
    /// Members that the service takes for given when a request lacks them, though the type wants them said.
    defaults: BTreeMap<&'static str, (&'static str, Value)>,
    routes: BTreeMap<&'static str, Route>,
}

/// How a call comes in, and what answers it.
struct Route {
    handler: Handler,
    input: Input,
}

impl Router {
    /// Serves `E` by `handler`.
    pub(crate) fn on<E: Endpoint + 'static>(
        mut self,
        handler: fn(&mut Ctx<'_>, &E) -> Result<E::Response, Refusal>,
    ) -> Self {
        let handler: Handler = Box::new(move |ctx, given| {
            let Given::Json(body) = given else {
                return Err(BODY_MALFORMED.into());
            };
            let request = decode(&body).map_err(refuse)?;
            members(handler(ctx, &request)?)
        });
        let input = if E::METHOD == Method::Get {
            Input::Nothing
        } else {
            Input::Json
        };
        self.routes.insert(E::PATH, Route { handler, input });
        self
    }

    /// Serves the upload `U` by `handler`, which gets the file.
    pub(crate) fn on_file<U: Upload + 'static>(
        mut self,
        handler: fn(&mut Ctx<'_>, &[u8]) -> Result<U::Response, Refusal>,
    ) -> Self {
        let handler: Handler = Box::new(move |ctx, given| {
            let Given::File(file) = given else {
                return Err(MEDIA_MISSING.into());
            };
            members(handler(ctx, file)?)
        });
        let input = Input::File;
        self.routes.insert(U::PATH, Route { handler, input });
        self
    }

    /// Takes `value` where a request for `E` lacks the member `name`.
    pub(crate) fn default_of<E: Endpoint>(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.defaults.insert(E::PATH, (name, value.into()));
        self
    }

    /// The path of the route for `path`, if there is one.
    pub(crate) fn path(&self, path: &str) -> Option<&'static str> {
        self.routes.get_key_value(path).map(|(path, _)| *path)
    }

    /// How the call for `path` must come in, if there is a route.
    pub(crate) fn input(&self, path: &str) -> Option<Input> {
        self.routes.get(path).map(|route| route.input)
    }

    /// Every path, in order.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.routes.keys().copied()
    }

    /// Answers a call, if `path` has a route.
    pub(crate) fn call(&self, path: &str, ctx: &mut Ctx<'_>, mut given: Given<'_>) -> Option<Done> {
        if let (Some((name, value)), Given::Json(Value::Object(members))) = (self.defaults.get(path), &mut given) {
            let member = members.entry(*name).or_insert(Value::Null);
            if member.is_null() {
                *member = value.clone();
            }
        }
        self.routes.get(path).map(|route| (route.handler)(ctx, given))
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.paths()).finish()
    }
}

/// The members of an answer.
fn members(answer: impl Serialize) -> Done {
    match serde_json::to_value(answer) {
        Ok(Value::Object(members)) => Ok(members),
        // No answer of the card API is anything but an object.
        Ok(_) | Err(_) => Err(SYSTEM_BUSY.into()),
    }
}

/// The refusal for a request that does not fit its type.
fn refuse(unfit: Unfit) -> Refusal {
    let Unfit::Missing(path) = unfit else {
        return BODY_MALFORMED.into();
    };
    match path.last().map(String::as_str) {
        Some("card_id") => CARD_ID_MISSING.into(),
        Some("code" | "encrypt_code") => CODE_MISSING.into(),
        Some("openid") => OPENID_MISSING.into(),
        _ => FIELD_MISSING.refusal().at(&member_path(&path)),
    }
}

/// The path of a member that a request lacks.
fn member_path(path: &[String]) -> String {
    let members = match path {
        // The data of a card is the object below its type.
        [card, _, rest @ ..] if card == "card" && !rest.is_empty() => rest,
        [card, rest @ ..] if card == "card" && !rest.is_empty() => rest,
        _ => path,
    };
    data_path(members.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_missing_member_is_in_the_words_of_the_service() {
        let path = |path: &str| member_path(&path.split('.').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(path("card.cash.base_info.title"), "m_data.base_info().title");
        assert_eq!(
            path("card.cash.base_info.sku.quantity"),
            "m_data.base_info().sku().quantity"
        );
        assert_eq!(path("is_open"), "m_data.is_open");
        assert_eq!(path("card.card_type"), "m_data.card_type");
    }
}
