//! Codes about a card's codes, its stock, and what a user may hold.

use super::codes;

codes! {
    40056 INVALID_SERIAL_CODE Refused
        "the code was never issued, or no user holds it"
            => "check the code; add card_id where the merchant chose the codes",
        "code 未发放过，或没有用户持有" => "核对 code；自定义 code 的卡券要同时给出 card_id";
    40075 INVALID_ENCRYPT_CODE Refused
        "the encrypted code cannot be decrypted" => "percent-decode the encrypted code exactly once, and keep every +",
        "加密 code 无法解密" => "只做一次 URL 解码，并保留其中的 + 号";
    40099 CODE_CONSUMED Refused
        "the code is redeemed already"
            => "hand nothing out for it; settle a redeem of your own that went unanswered with /card/code/get and your records",
        "该 code 已经核销" => "不要再次兑付；若自己有未收到应答的核销，用 /card/code/get 与自己的记录核对";
    40109 TOO_MANY_CODES Refused
        "there are more than 100 codes" => "send at most 100 codes a call",
        "code 超过 100 个" => "每次最多 100 个 code";
    40110 EMPTY_CODE Refused
        "one of the codes is empty" => "take the empty code out of the list",
        "列表里有空的 code" => "去掉空的 code";
    40111 SAME_CODE Refused
        "the same code is in the list twice" => "name each code once",
        "列表里有重复的 code" => "每个 code 只写一次";
    40116 INVALID_CODE Refused
        "the code is not valid" => "check the code; add card_id where the merchant chose the codes",
        "code 不合法" => "核对 code；自定义 code 的卡券要同时给出 card_id";
    40122 INVALID_QUANTITY Refused
        "the stock is not valid" => "look at the stock with /card/get; it may be neither below 0 nor over 100,000,000",
        "库存数量不合法" => "用 /card/get 查看库存：不能小于 0，也不能超过 1 亿";
    40127 CODE_NOT_USABLE Refused
        "the user's card is deleted, expired, on its way to a friend, or void"
            => "hand nothing out for it; ask /card/code/get, check_consume false, for its state",
        "用户的卡券已删除、过期、正在转赠或已失效" => "不要兑付；用 /card/code/get（check_consume 为 false）查看状态";
    40131 TICKET_LIMIT Refused
        "the limit of QR tickets is reached" => "use the QR codes that there are, or wait until some have expired",
        "二维码 ticket 达到上限" => "复用已有的二维码，或等旧的过期";
    40136 STOCK_OVER_DEPOSIT Refused
        "there is more stock than deposited codes" => "deposit codes first; the stock may not exceed their number",
        "库存超过已导入的 code 数" => "先导入 code，库存不能超过已导入的数目";
    40146 MARKED_BY_ANOTHER Refused
        "the code is marked for another user" => "name the user who marked it, or let that mark be taken away",
        "code 已被其他用户标记" => "使用标记它的用户，或先取消标记";
    40147 OUTSIDE_CONSUME_TIME Refused
        "the card may not be redeemed at this time" => "redeem it within the days and hours that the card names",
        "当前不在卡券可核销的时段" => "在卡券规定的日期与时段内核销";
    40174 NOT_CARD_USER Refused
        "the user does not hold this card" => "check the openid and the code",
        "该用户没有这张卡券" => "核对 openid 与 code";
    43018 CODE_NOT_MARKED Refused
        "the code is not marked" => "mark the code with /card/code/mark first",
        "code 没有被标记" => "先用 /card/code/mark 标记";
    45022 BONUS_OUT_OF_LIMIT Refused
        "the bonus points are out of range" => "keep the bonus within its bounds",
        "积分超出范围" => "把积分控制在允许的范围内";
    45023 BALANCE_OUT_OF_LIMIT Refused
        "the balance is out of range" => "keep the balance within its bounds",
        "储值超出范围" => "把储值控制在允许的范围内";
    45029 TOO_MANY_QR_CODES Refused
        "there are too many QR codes" => "use the QR codes that there are",
        "二维码数量达到上限" => "复用已有的二维码";
    45031 NO_STOCK Refused
        "there is no stock left" => "add stock with /card/modifystock",
        "库存为 0" => "用 /card/modifystock 增加库存";
    45033 GET_LIMIT Refused
        "the user has as many of this card as get_limit allows" => "let the user redeem one, or raise get_limit",
        "用户领取数量达到 get_limit" => "请用户先使用，或提高 get_limit";
    45036 ANNOUNCEMENT_LIMIT Refused
        "the user has received as many announcements as allowed" => "wait before announcing to this user again",
        "用户接收通知达到上限" => "过一段时间再通知该用户";
    45041 TOTAL_STOCK_LIMIT Refused
        "the card has reached its limit of stock in total" => "create another card",
        "这张卡券的总库存达到上限" => "另建一张卡券";
    45053 VERIFY_CODE_TOO_LONG Refused
        "the verify code is too long" => "shorten the verify code",
        "核销验证码过长" => "缩短验证码";
    45054 VERIFY_CODE_TOO_SHORT Refused
        "the verify code is too short" => "lengthen the verify code",
        "核销验证码过短" => "加长验证码";
    45055 VERIFY_CODE_CHARSET Refused
        "the verify code has characters that are not allowed" => "use only the characters allowed",
        "核销验证码含有不允许的字符" => "只使用允许的字符";
    45095 ADVERTISED_STOCK Refused
        "the stock of an advertised batch cannot be changed" => "leave the stock alone while the card is advertised",
        "广告批次的库存不能修改" => "广告投放期间不要改库存";
    45154 VERIFY_CODE_NOT_FOUND Refused
        "there is no such verify code" => "check the verify code",
        "没有这个核销验证码" => "核对验证码";
    45155 VERIFY_CODE_EXISTS Refused
        "the verify code is there already" => "use it, or take another",
        "核销验证码已存在" => "直接使用它，或换一个";
    45156 INVALID_VERIFY_CODE_SIZE Refused
        "the length of the verify code is not valid" => "change its length",
        "核销验证码长度不合法" => "调整验证码的长度";
    72020 USE_LIMIT Refused
        "the user has redeemed as many of this card as use_limit allows" => "redeem no more of it, or raise use_limit",
        "用户核销数量达到 use_limit" => "不再核销，或提高 use_limit";
}
