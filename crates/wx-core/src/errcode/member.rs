//! Codes about member and gift cards, gifts for paying, friends cards' coins, and stores.

use super::codes;

codes! {
    65104 INVALID_STORE_CATEGORY Refused
        "the store's category is not valid" => "take a category that the service lists",
        "门店类目不合法" => "使用官方列出的门店类目";
    65105 INVALID_STORE_PHOTO Refused
        "the store's photo is not from the upload" => "upload the photo and use the URL of that answer",
        "门店图片不是上传接口返回的" => "先上传图片，再使用返回的 URL";
    65106 STORE_NOT_APPROVED Refused
        "the store is not approved" => "wait for the approval",
        "门店未通过审核" => "等待审核通过";
    65107 STORE_LOCKED Refused
        "the store cannot be changed now" => "wait until its review is over",
        "门店目前不能修改" => "等审核结束再修改";
    65115 NO_SUCH_STORE Refused
        "there is no such store" => "check the poi_id",
        "门店不存在" => "核对 poi_id";
    65116 STORE_DELETED Refused
        "the store is deleted" => "take another store",
        "门店已删除" => "更换门店";
    65118 INVALID_STORE_STATUS Refused
        "the store's state does not allow this" => "look at the store's state",
        "门店状态不允许此操作" => "查看门店状态";
    71001 ZERO_PARAMETER Refused
        "a parameter is zero or missing" => "fill the parameters in",
        "参数为 0 或缺失" => "补全参数";
    71002 INVALID_ORDER_ID Refused
        "the order's id is not valid or does not fit the rest" => "check the order's id and what goes with it",
        "订单号不合法，或与其他参数不符" => "核对订单号及相关参数";
    71003 NOT_ENOUGH_COINS Refused
        "there are not enough coins" => "buy coins first",
        "券点不足" => "先充值券点";
    71004 CARD_EXPIRED Refused
        "the card is expired" => "take another card, or extend this one",
        "卡券已过期" => "更换卡券，或延长有效期";
    71005 EXECUTION_LIMIT Refused
        "the limit of executions is reached" => "do not send it again",
        "执行次数达到上限" => "不要再次发送";
    71006 COIN_COUNT_LIMIT Refused
        "the number of coins is out of range" => "ask for 1 to 100000 coins",
        "券点数量超出范围" => "数量须在 1 到 100000 之间";
    71007 ORDER_FINISHED Refused
        "the order is finished already" => "look at the order; do not send it again",
        "订单已完成" => "查询订单，不要重复提交";
    71008 ORDER_TIMED_OUT Refused
        "the order has timed out" => "make a new order",
        "订单已超时" => "重新下单";
    72001 NO_MATCHING_CARD Refused
        "no card matches" => "check the card's id and its kind",
        "没有匹配的卡券" => "核对 card_id 与卡券种类";
    72002 MERCHANT_NOT_BOUND Refused
        "the payment merchant is not bound to this app id" => "bind the mchid to the app id first",
        "商户号没有与 AppID 绑定" => "先把商户号与 AppID 绑定";
    72003 MEMBER_CARD_NEEDED Refused
        "this needs a member card" => "take the id of a member card",
        "需要会员卡" => "使用会员卡的 card_id";
    72004 MERCHANT_TAKEN Refused
        "another app id uses this payment merchant" => "take another mchid, or free it there",
        "商户号已被其他 AppID 占用" => "更换商户号，或先在那边解除";
    72005 TOO_MANY_MERCHANTS Refused
        "there are too many payment merchants" => "name fewer mchids",
        "商户号过多" => "减少商户号";
    72006 INVALID_TITLE Refused
        "the title is not valid" => "change the title",
        "标题不合法" => "修改标题";
    72007 REDUCE_COST_TOO_SMALL Refused
        "reduce_cost is below 100" => "set reduce_cost to at least 100 fen",
        "reduce_cost 小于 100" => "把 reduce_cost 设为至少 100 分";
    72008 LEAST_COST_TOO_SMALL Refused
        "least_cost is not larger than reduce_cost" => "set least_cost above reduce_cost",
        "least_cost 不大于 reduce_cost" => "让 least_cost 大于 reduce_cost";
    72009 GET_LIMIT_TOO_LARGE Refused
        "get_limit is over 50" => "set get_limit to at most 50",
        "get_limit 超过 50" => "get_limit 最多为 50";
    72010 INVALID_MERCHANT Refused
        "the payment merchant is not valid" => "check the mchid",
        "商户号不合法" => "核对商户号";
    72011 INVALID_ACTIVATE_TICKET Refused
        "the activate_ticket is not of this app id" => "use the ticket with the account that got it",
        "activate_ticket 不属于这个 AppID" => "在得到它的公众号下使用";
    72012 EXPIRED_ACTIVATE_TICKET Refused
        "the activate_ticket has expired" => "let the user fill the form in again",
        "activate_ticket 已过期" => "请用户重新填写开卡信息";
    72014 SHARED_STOCK Refused
        "a task card's stock is shared and cannot be changed" => "leave the stock alone",
        "任务卡共享库存，不能修改" => "不要修改库存";
    72016 MEMBER_CARD_UNAUTHORIZED Permission
        "the account may not create member cards" => "apply for member cards on mp.weixin.qq.com",
        "没有创建会员卡的权限" => "在公众平台申请会员卡权限";
    72019 TOO_MANY_MESSAGE_CARDS Refused
        "the message's list of cards is too long" => "name at most 5 cards",
        "消息里的卡券列表过长" => "最多 5 张卡券";
    72021 GENERAL_CARD_UNAUTHORIZED Permission
        "the account may not create general cards" => "apply for gift cards at the service",
        "没有创建通用卡（礼品卡）的权限" => "向微信申请礼品卡权限";
    72022 USER_NOT_LISTED Refused
        "the user is not on the list of testers" => "add the user with /card/testwhitelist/set",
        "用户不在白名单中" => "用 /card/testwhitelist/set 添加该用户";
    72026 WX_ACTIVATE_NEEDED Refused
        "wx_activate must be true" => "set wx_activate to true",
        "wx_activate 必须为 true" => "把 wx_activate 设为 true";
    72032 PAY_GIFT_EXPIRED Refused
        "the rule of gifts for paying has expired" => "make a new rule",
        "支付后投放卡券的规则已过期" => "新建规则";
    72033 PAY_GIFT_STATUS Refused
        "the state of the rule of gifts for paying does not allow this" => "look at the rule's state",
        "支付后投放卡券的规则的状态不允许此操作" => "查看规则状态";
    72034 INVALID_RULE_ID Refused
        "the rule's id is not valid" => "check the rule's id",
        "规则 ID 不合法" => "核对规则 ID";
    72066 ADVERTISED_CARD Refused
        "the card is advertised: its times and budget are fixed" => "change it after the advertisement has ended",
        "卡券正在广告投放，时间与预算不能修改" => "投放结束后再修改";
}
