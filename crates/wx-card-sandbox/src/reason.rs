//! The refusals of the card service, by name: number and text as the service has them.

/// One entry of the service's list of return codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reason {
    pub(crate) errcode: i32,
    pub(crate) errmsg: &'static str,
}

macro_rules! reasons {
    ($($name:ident = $errcode:literal, $errmsg:literal;)*) => {
        $(pub(crate) const $name: Reason = Reason { errcode: $errcode, errmsg: $errmsg };)*

        /// The text that the service has with this number; one of its own where the sandbox knows none.
        pub(crate) const fn errmsg_of(errcode: i32) -> &'static str {
            match errcode {
                $($errcode => $errmsg,)*
                // Those that no rule of the sandbox refuses with, but that tests want to see.
                40164 => "invalid ip, not in whitelist",
                45011 => "api minute-quota reach limit  must slower  retry next minute",
                48001 => "api unauthorized",
                _ => "refused by the sandbox's plan of faults",
            }
        }
    };
}

reasons! {
    SYSTEM_BUSY = -1, "system error";

    TOKEN_STALE = 40001, "invalid credential, access_token is invalid or not latest";
    GRANT_TYPE_INVALID = 40002, "invalid grant_type";
    OPENID_INVALID = 40003, "invalid openid";
    FILE_TYPE_INVALID = 40005, "invalid file type";
    IMAGE_TOO_LARGE = 40009, "invalid image size";
    APP_ID_INVALID = 40013, "invalid appid";
    TOKEN_MALFORMED = 40014, "invalid access_token";
    ARGUMENTS_INVALID = 40035, "invalid args size";
    ACTION_INFO_INVALID = 40053, "invalid action info, please check document";
    CODE_UNKNOWN = 40056, "invalid serial code";
    PATH_UNKNOWN = 40066, "invalid url";
    CARD_TYPE_INVALID = 40071, "invalid card type";
    CODE_TYPE_INVALID = 40072, "invalid code type";
    CARD_UNKNOWN = 40073, "invalid card id";
    ENCRYPTED_CODE_INVALID = 40075, "invalid encrypt code";
    COLOR_INVALID = 40076, "invalid color id";
    CARD_STATUS_INVALID = 40078, "invalid card status";
    TIME_INVALID = 40079, "invalid time";
    CARD_EXT_INVALID = 40080, "invalid card ext";
    CODE_CONSUMED = 40099, "invalid code, this code has consumed.";
    DATES_NOT_WIDENED = 40100, "invalid DateInfo, Make Sure OldDateInfoType==NewDateInfoType && \
                                NewBeginTime<=OldBeginTime && OldEndTime<= NewEndTime";
    CODES_TOO_MANY = 40109, "too many code size, must <= 100";
    CODES_EMPTY = 40110, "have empty code";
    CODES_REPEATED = 40111, "have same code";
    CODE_INVALID = 40116, "invalid code";
    QUANTITY_INVALID = 40122, "invalid card quantity";
    CUSTOM_FIELDS_TOO_MANY = 40124, "too many custom field!";
    SECRET_INVALID = 40125, "invalid appsecret";
    CODE_UNUSABLE = 40127, "invalid user-card status! Hint: the card was given to user, but may be deleted or expired \
                            or set unavailable !";
    BONUS_SUPPLIED = 40135, "invalid not supply bonus, can not change card_id which supply bonus to be not supply";
    DEPOSIT_TOO_SMALL = 40136, "invalid use DepositCodeMode, make sure sku.quantity>DepositCode.quantity";
    PAY_CELL_CONFLICT = 40145, "invalid update! Can not both set PayCell and CenterCellInfo(include: center_title, \
                                center_sub_title, center_url).";
    MARKED_BY_OTHER = 40146, "invalid openid! card may be marked by other user!";
    CONSUME_TIME_INVALID = 40147, "invalid consume! Consume time overranging restricts.";
    TIME_LIMIT_INVALID = 40149, "invalid use time limit";
    CARD_PARAMETERS_INVALID = 40150, "invalid card parameters";
    VERIFY_CODE_NEEDED = 40153, "self consume cell for friends card must need verify code";
    NOT_HOLDER = 40174, "not card user";
    SIGNATURE_INVALID = 40178, "invalid sign";

    TOKEN_MISSING = 41001, "access_token missing";
    APP_ID_MISSING = 41002, "appid missing";
    SECRET_MISSING = 41004, "appsecret missing";
    MEDIA_MISSING = 41005, "media data missing";
    OPENID_MISSING = 41009, "missing openid";
    FIELD_MISSING = 41011, "missing required fields! please check document and request json!";
    CARD_ID_MISSING = 41012, "missing card id";
    CODE_MISSING = 41013, "missing code";

    TOKEN_EXPIRED = 42001, "access_token expired";

    GET_REQUIRED = 43001, "require GET method";
    POST_REQUIRED = 43002, "require POST method";
    MARK_MISSING = 43018, "code has no been mark!";

    BODY_EMPTY = 44002, "empty post data";

    BODY_TOO_LARGE = 45002, "content size out of limit";
    QUOTA_OF_DAY = 45009, "reach max api daily quota limit";
    FIELD_TOO_LONG = 45021, "some argument may be out of length limit! please check document and request json!";
    FUNCTION_UNSUPPORTED = 45030, "limit cardid, not support this function";
    STOCK_OUT = 45031, "stock is out of limit";
    GET_LIMIT_REACHED = 45033, "user get card num is out of get_limit";
    CARD_LIST_TOO_LONG = 45039, "card_list_size out of limit";
    STOCK_TOO_LARGE = 45041, "this card reach total sku quantity limit!";
    ICONS_TOO_MANY = 45044, "icon url size in abstract is out of limit";
    CELL_CONFLICT = 45046, "operate field conflict, CenterCell, PayCell, SelfConsumeCell conflict";

    BODY_MALFORMED = 47001, "data format error";

    CARD_EXPIRED = 71004, "card is expired";
    MESSAGE_CARDS_TOO_MANY = 72019, "limit msg operation card list size, must <= 5";
    USE_LIMIT_REACHED = 72020, "limit consume in use limit";
}
