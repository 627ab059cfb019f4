//! Codes about the token, the account, the caller's address and what the account may call.

use super::codes;

codes! {
    40001 INVALID_CREDENTIAL Token
        "the access token is not valid or not the latest" => "fetch a new token and call once more",
        "access_token 无效，或不是最新的" => "重新获取 access_token，再调用一次";
        token call
        "the app secret is wrong" => "check the app secret, and that it belongs to this app id",
        "AppSecret 错误" => "核对 AppSecret，并确认它属于这个 AppID";
    40002 INVALID_GRANT_TYPE Credential
        "the grant type is not valid" => "ask for a token with grant_type client_credential",
        "grant_type 不合法" => "获取 token 时把 grant_type 设为 client_credential";
    40013 INVALID_APP_ID Credential
        "the app id is not valid" => "check the app id, letter case included",
        "AppID 不合法" => "核对 AppID，注意大小写";
    40014 INVALID_TOKEN Token
        "the access token is not valid" => "fetch a new token and call once more",
        "access_token 不合法" => "重新获取 access_token，再调用一次";
    40125 INVALID_APP_SECRET Credential
        "the app secret is not valid (the official list says: the app id)" => "check the app secret and the app id",
        "AppSecret 不合法（官方列表写的是 AppID）" => "核对 AppSecret 与 AppID";
    40164 IP_NOT_ALLOWED Credential
        "the caller's address is not on the account's IP list" => "put the address, which the message has, on the IP list",
        "调用方 IP 不在白名单中" => "把错误信息里的 IP 加入公众号的 IP 白名单";
    40243 FROZEN_APP_SECRET Credential
        "the app secret is frozen" => "unfreeze the secret in the console; it takes about ten minutes",
        "AppSecret 已被冻结" => "在公众平台解冻 AppSecret，约十分钟后生效";
    41001 MISSING_TOKEN Credential
        "there is no access token in the request" => "look for an empty token, or a proxy that cuts the query off",
        "请求里没有 access_token" => "检查 token 是否为空，代理是否丢掉了查询参数";
    41002 MISSING_APP_ID Credential
        "the app id is missing" => "configure the app id",
        "缺少 AppID" => "配置 AppID";
    41004 MISSING_APP_SECRET Credential
        "the app secret is missing" => "configure the app secret",
        "缺少 AppSecret" => "配置 AppSecret";
    42001 EXPIRED_TOKEN Token
        "the access token is past its time" => "fetch a new token and call once more",
        "access_token 已过期" => "重新获取 access_token，再调用一次";
    42007 AUTHORIZATION_VOID Credential
        "the user changed the password, which voids the authorized tokens" => "let the user authorize again",
        "用户改了密码，授权得到的 token 已失效" => "请用户重新授权";
    45035 IP_NOT_LISTED Credential
        "the caller's address is not registered on the IP list" => "put the address of this machine on the IP list",
        "调用方 IP 未登记在白名单中" => "把本机的出口 IP 加入 IP 白名单";
    48001 API_UNAUTHORIZED Permission
        "the account may not use this API" => "check the account's permissions, and that the token is of this account",
        "公众号没有这个接口的权限" => "查看接口权限，并确认 token 属于这个公众号";
    48004 API_BANNED Permission
        "the API is banned for this account because of irregularities" => "read the notice on mp.weixin.qq.com and appeal",
        "接口因违规被封禁" => "登录 mp.weixin.qq.com 查看通知并申诉";
    48012 REJECTED_TOKEN Token
        "the access token is refused" => "fetch a new token and call once more",
        "access_token 未被接受" => "重新获取 access_token，再调用一次";
    50001 NOT_AUTHORIZED Permission
        "the account or the user has not authorized this API" => "get the permission, or the user's consent, first",
        "公众号或用户没有授权这个接口" => "先取得接口权限或用户授权";
    50002 ACCOUNT_LIMITED Credential
        "the account is limited, frozen or closed" => "look at the account's state on mp.weixin.qq.com",
        "帐号受限、被冻结或已注销" => "登录 mp.weixin.qq.com 查看帐号状态";
    50004 TOKEN_FORBIDDEN Credential
        "the account may not fetch tokens, perhaps as a punishment" => "look for a notice on mp.weixin.qq.com and appeal",
        "帐号被禁止获取 token，可能是处罚" => "登录 mp.weixin.qq.com 查看处罚通知并申诉";
    50007 ACCOUNT_FROZEN Credential
        "the account is frozen" => "unfreeze the account on mp.weixin.qq.com",
        "帐号已冻结" => "登录 mp.weixin.qq.com 解冻帐号";
    61004 IP_NOT_REGISTERED Credential
        "the caller's address is not registered" => "put the address, which the message has, on the IP list",
        "调用方 IP 未登记" => "把错误信息里的 IP 加入 IP 白名单";
    61007 COMPONENT_UNAUTHORIZED Permission
        "the account has not granted this API to the third-party platform" => "let the account grant it to the platform",
        "公众号没有把这个接口授权给第三方平台" => "请公众号在授权时勾选相应权限";
    61024 COMPONENT_TOKEN_NEEDED Credential
        "this call needs a token of the third-party platform" => "call with the platform's token, not the account's",
        "此接口要用第三方平台的 token" => "改用第三方平台专用的 token";
    89501 IP_WAITS_FOR_ADMIN Credential
        "the caller's address waits for an administrator" => "ask an administrator of the account to confirm it",
        "调用方 IP 正等待管理员确认" => "请公众号管理员确认";
    89503 IP_NEEDS_ADMIN Credential
        "the caller's address needs an administrator's confirmation" => "ask an administrator of the account to confirm it",
        "调用方 IP 需要管理员确认" => "请公众号管理员确认";
    89506 IP_REFUSED_FOR_A_DAY Credential
        "an administrator refused the caller's address twice; it is blocked for 24 hours"
            => "talk to the administrator; call from there again in 24 hours",
        "管理员两次拒绝了调用方 IP，24 小时内不可用" => "联系管理员，24 小时后再用这个 IP 调用";
    89507 IP_REFUSED_FOR_AN_HOUR Credential
        "an administrator refused the caller's address; it is blocked for an hour"
            => "talk to the administrator; call from there again in an hour",
        "管理员拒绝了调用方 IP，一小时内不可用" => "联系管理员，一小时后再用这个 IP 调用";
}
