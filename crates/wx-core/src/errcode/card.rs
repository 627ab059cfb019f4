//! Codes about a card's members, its state, and what the account may put on it.

use super::codes;

codes! {
    40053 INVALID_ACTION_INFO Refused
        "the QR code's action_info is not valid" => "check action_name and action_info",
        "二维码的 action_info 不合法" => "检查 action_name 与 action_info";
    40070 INVALID_SKU Refused
        "the stock (sku) of the card is not valid" => "check base_info.sku.quantity",
        "卡券的 sku 信息不合法" => "检查 base_info.sku.quantity";
    40071 INVALID_CARD_TYPE Refused
        "the card type is not valid" => "check card_type, and that the member of the same name is there",
        "卡券类型不合法" => "检查 card_type，以及同名的成员是否存在";
    40072 INVALID_CODE_TYPE Refused
        "the code type is not valid; elsewhere: the location id is not valid" => "check code_type and location_id_list",
        "code_type 不合法；另一份官方列表：门店 ID 不合法" => "检查 code_type 与 location_id_list";
    40073 INVALID_CARD_ID Refused
        "this account has no such card" => "check the card's id, and that the card is of this account",
        "这个公众号没有该 card_id" => "核对 card_id，并确认它属于这个公众号";
    40076 INVALID_COLOR Refused
        "the color is not valid" => "take a color that /card/getcolors lists",
        "颜色不合法" => "使用 /card/getcolors 列出的颜色";
    40078 INVALID_CARD_STATUS Refused
        "the state of the card does not allow this" => "look at the card's state with /card/get; it must be approved",
        "卡券状态不允许此操作" => "用 /card/get 查看状态，卡券须已通过审核";
    40079 INVALID_TIME Refused
        "a time is not valid" => "check the times: Unix seconds, the end after the beginning and after now",
        "时间不合法" => "检查时间：Unix 秒，结束晚于开始且晚于现在";
    40080 INVALID_CARD_EXT Refused
        "card_ext is not valid" => "send card_ext as JSON in a string, with the signed values unchanged",
        "card_ext 不合法" => "card_ext 须为 JSON 字符串，且与签名时的值一致";
    40093 PARTLY_STORED Refused
        "only a part of the batch is stored" => "send again just the rows that came back with location_id -1",
        "批量数据只保存了一部分" => "只重发返回 location_id 为 -1 的那些行";
    40098 INVALID_POI_ID Refused
        "the store's poi_id is not valid" => "check the poi_id against the account's stores",
        "门店 poi_id 不合法" => "与公众号的门店核对 poi_id";
    40100 INVALID_DATE_INFO Refused
        "the change of date_info is not allowed" => "keep the type, and only widen the range",
        "不允许这样修改有效期" => "保持类型不变，且只能放宽时间区间";
    40107 CARD_NOT_READY Refused
        "the card is not approved or has no stores" => "wait for the approval, and give the card stores",
        "卡券未通过审核，或没有门店" => "等待审核通过，并为卡券设置门店";
    40112 BIND_OPENID_NOT_ALLOWED Refused
        "bind_openid cannot be set here" => "leave bind_openid out",
        "此处不能设置 bind_openid" => "去掉 bind_openid";
    40124 TOO_MANY_CUSTOM_FIELDS Refused
        "the member card has too many custom fields" => "keep to custom_field1 to custom_field3",
        "会员卡的 custom_field 过多" => "只使用 custom_field1 到 custom_field3";
    40135 BONUS_CANNOT_BE_DROPPED Refused
        "supply_bonus cannot be switched off again" => "leave supply_bonus as it is",
        "supply_bonus 不能再关闭" => "保持 supply_bonus 不变";
    40139 INVALID_SUB_MERCHANT_ID Refused
        "the sub merchant's id is not valid" => "check the sub merchant's id",
        "子商户 ID 不合法" => "核对子商户 ID";
    40140 INVALID_SUB_MERCHANT_STATUS Refused
        "the sub merchant's state does not allow this" => "wait until the sub merchant is approved",
        "子商户状态不允许此操作" => "等待子商户通过审核";
    40142 INVALID_SHARE_CARD Refused
        "the parameters of sharing the card are not valid" => "check the members about sharing and giving",
        "分享卡券的参数不合法" => "检查分享与转赠相关的字段";
    40143 LEAST_COST_NOT_ZERO Refused
        "least_cost must be 0 here" => "set least_cost to 0, or leave it out",
        "此处 least_cost 必须为 0" => "把 least_cost 设为 0 或去掉";
    40144 INVALID_SHARE_CARD_LIST Refused
        "the list of cards given on redeeming is not valid" => "check the numbers; the card itself may not be in it",
        "核销后赠券的列表不合法" => "检查数量，列表里不能有这张卡券自己";
    40145 CONFLICTING_CELLS Refused
        "paying and the center button cannot both be set" => "drop one of them",
        "买单与居中按钮不能同时设置" => "只保留其中一个";
    40148 INVALID_FRIENDS_CARD_TYPE Refused
        "the card's type is not valid for a friends card" => "take another card_type",
        "朋友的券不支持这种卡券类型" => "更换 card_type";
    40149 INVALID_TIME_LIMIT Refused
        "time_limit is not valid" => "check the days and hours in time_limit",
        "time_limit 不合法" => "检查 time_limit 里的日期与时刻";
    40150 INVALID_CARD_PARAMETERS Refused
        "the card's members are not valid" => "compare the card with the operation's page",
        "卡券参数不合法" => "对照接口文档检查卡券";
    40151 ANTISPAM Refused
        "a text or picture of the card was caught by the spam filter" => "change the text or the picture",
        "卡券的文字或图片被内容过滤拦下" => "修改文字或图片";
    40153 VERIFY_CODE_NEEDED Refused
        "redeeming by oneself needs a verify code on a friends card" => "switch need_verify_cod on",
        "朋友的券自助核销需要验证码" => "打开 need_verify_cod";
    40158 CUSTOM_CODE_NOT_ALLOWED Refused
        "use_custom_code must be false here" => "set use_custom_code to false",
        "此处 use_custom_code 必须为 false" => "把 use_custom_code 设为 false";
    40165 INVALID_MINI_PROGRAM_PATH Refused
        "the page of the mini program is not valid" => "check the page's path",
        "小程序页面路径不合法" => "检查小程序页面路径";
    40166 INVALID_MINI_PROGRAM_ID Refused
        "the app id of the mini program is not valid" => "check the mini program's user name and app id",
        "小程序的 AppID 不合法" => "检查小程序的用户名与 AppID";
    40168 MINI_PROGRAM_NOT_LINKED Refused
        "the mini program is not linked with the account" => "link the mini program with the account first",
        "小程序没有与公众号关联" => "先把小程序与公众号关联";
    40173 NOT_BOUND Refused
        "the two are not bound to each other" => "bind them first",
        "没有绑定关系" => "先建立绑定关系";
    40178 INVALID_SIGN Refused
        "the signature is not valid" => "sign the very values that are sent, with the ticket of now",
        "签名不合法" => "用当前的 ticket 对实际发送的值签名";
    43009 CUSTOM_CODE_UNAUTHORIZED Permission
        "the account may not use codes of its own" => "apply for custom codes on mp.weixin.qq.com",
        "没有自定义 code 的权限" => "在公众平台申请自定义 code 权限";
    43010 BALANCE_UNAUTHORIZED Permission
        "the account may not keep balances" => "apply for balances on mp.weixin.qq.com",
        "没有储值权限" => "在公众平台申请储值权限";
    43011 BONUS_UNAUTHORIZED Permission
        "the account may not keep bonus points" => "apply for bonus points on mp.weixin.qq.com",
        "没有积分权限" => "在公众平台申请积分权限";
    43012 CUSTOM_URL_UNAUTHORIZED Permission
        "the account may not put links of its own on cards" => "apply for custom links on mp.weixin.qq.com",
        "没有自定义链接的权限" => "在公众平台申请自定义链接权限";
    43013 SHAKE_UNAUTHORIZED Permission
        "the account may not hand cards out by shaking" => "apply for it on mp.weixin.qq.com",
        "没有摇一摇发券的权限" => "在公众平台申请相应权限";
    43015 WECHAT_GRANT_REQUIRED Permission
        "the WeChat team must grant this function" => "ask the WeChat team for it",
        "该功能需要微信团队授权" => "联系微信团队申请";
    43017 LOCATION_REQUIRED Refused
        "a store is required" => "fill in location_id_list",
        "需要门店 ID" => "填写 location_id_list";
    45025 TOO_MANY_POI_IDS Refused
        "there are too many stores" => "name fewer stores, or use use_all_locations",
        "门店过多" => "减少门店，或使用 use_all_locations";
    45030 CARD_FUNCTION_UNAUTHORIZED Permission
        "this card may not use this function" => "check what kind of card it is, and apply for the function",
        "该 card_id 没有此接口的权限" => "核对卡券的种类，并申请相应权限";
    45039 CARD_LIST_TOO_LONG Refused
        "the list of cards is too long" => "name fewer cards",
        "卡券列表过长" => "减少列表里的卡券";
    45042 SUB_MERCHANT_CARD_TYPE Permission
        "a sub merchant may not create this type of card" => "take another card_type, or create it as the account",
        "子商户不能创建这种卡券" => "更换 card_type，或由主商户创建";
    45043 SHARING_NEEDS_ABSTRACT Refused
        "share_friends needs an abstract or pictures" => "add abstract or text_image_list with uploaded pictures",
        "设置 share_friends 需要摘要或图文" => "补上 abstract 或 text_image_list，图片须先上传";
    45044 ICON_URL_TOO_LONG Refused
        "a picture's URL in the abstract is too long" => "shorten icon_url_list, or its URLs",
        "封面摘要里的图片 URL 过长" => "缩短 icon_url_list 或其中的 URL";
    45045 FRIENDS_CARD_UNAUTHORIZED Permission
        "the account may not use friends cards" => "ask an administrator of the service for it",
        "没有朋友的券的权限" => "联系微信管理员申请";
    45046 CONFLICTING_OPERATIONS Refused
        "the center button, paying and redeeming by oneself exclude each other" => "keep one of the three",
        "居中按钮、买单、自助核销互相冲突" => "三者只保留一个";
    45160 INVALID_CATEGORY Permission
        "the account's category may not create this card" => "check the account's category on mp.weixin.qq.com",
        "帐号的类目不能创建这种卡券" => "在公众平台核对帐号类目";
}
