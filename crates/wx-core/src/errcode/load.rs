//! Codes about load, quotas and what is switched off.

use super::codes;

codes! {
    -1 BUSY Busy
        "the system is busy" => "wait, then repeat what may run twice; of anything else find out first what became of it",
        "系统繁忙" => "稍后重试可以重复执行的请求；其余的先查清结果";
    45009 DAY_QUOTA Quota
        "the quota of the day is used up" => "stop until midnight (UTC+8), or reset it with /cgi-bin/clear_quota",
        "当日调用次数已用完" => "停到北京时间零点，或用 /cgi-bin/clear_quota 清零";
    45011 MINUTE_QUOTA Throttle
        "too many calls in this minute" => "wait for the next minute, then call more slowly",
        "这一分钟内调用过于频繁" => "等到下一分钟，并放慢调用";
    45040 MONTH_QUOTA Quota
        "the quota of the month is used up" => "stop until the next month, or apply for more",
        "当月调用次数已用完" => "等到下个月，或申请提高额度";
    45061 UPDATED_TOO_OFTEN Refused
        "it is updated too often" => "wait some minutes before the next update",
        "更新过于频繁" => "过几分钟再更新";
    45102 API_BLOCKED_FOR_NOW Permission
        "the API is blocked for a time" => "stop calling it; look for a notice and try again later",
        "接口被暂时停用" => "停止调用，查看通知，稍后再试";
    45103 API_UNSUPPORTED Permission
        "the API is no longer supported" => "take the API that replaced it",
        "接口已不再支持" => "改用替代它的接口";
    45104 DOMAIN_QUOTA Quota
        "the quota of the domain is used up" => "stop, or apply for more",
        "该域名的调用次数已用完" => "停止调用，或申请提高额度";
    45501 BLOCKED_BY_SUPERVISOR Permission
        "a supervisor blocks requests of this app for a time" => "stop calling and ask the service's support",
        "监管方暂时拦截了这个应用的请求" => "停止调用并联系微信客服";
    48006 RESETS_USED_UP Quota
        "the quota cannot be reset again this month" => "wait until midnight (UTC+8), when quotas come back",
        "本月的清零次数已用完" => "等到北京时间零点额度恢复";
    48009 API_EXPIRED Permission
        "the API has expired" => "take the API that replaced it",
        "接口已过期" => "改用替代它的接口";
}
