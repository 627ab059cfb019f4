//! Codes about the form of a request: method, JSON, what is missing, what is too long.

use super::codes;

codes! {
    40003 INVALID_OPENID Refused
        "the openid is not one of this account" => "take the openid that this account got; another account's differs",
        "openid 不属于这个公众号" => "使用本公众号得到的 openid，不同公众号的 openid 不同";
    40005 INVALID_FILE_TYPE Refused
        "the file is of a type that is not taken here" => "send a picture as JPG or PNG",
        "文件类型不支持" => "图片使用 JPG 或 PNG";
    40009 IMAGE_TOO_LARGE Refused
        "the image is too large" => "make the image smaller: a logo has at most 1 MB",
        "图片过大" => "缩小图片：logo 不超过 1 MB";
    40033 INVALID_CHARSET Refused
        "the body has characters or \\u escapes that are not allowed" => "send plain UTF-8 without \\u escapes",
        "请求体含有不允许的字符或 \\u 转义" => "直接发送 UTF-8 文本，不要用 \\u 转义";
    40035 INVALID_PARAMETER Refused
        "a parameter is not valid" => "compare the request with the operation's page",
        "参数不合法" => "对照接口文档检查请求";
    40039 INVALID_URL_SIZE Refused
        "the length of a URL is not valid" => "shorten the URL",
        "URL 长度不合法" => "缩短 URL";
    40048 INVALID_URL_DOMAIN Refused
        "a URL or its domain is not valid" => "use a full URL on a domain that the account has registered",
        "URL 或其域名不合法" => "使用完整的、域名已在公众号登记的 URL";
    40062 INVALID_TITLE_SIZE Refused
        "the length of the title is not valid" => "shorten the title, or fill it in",
        "标题长度不合法" => "缩短标题，或补上标题";
    40066 INVALID_URL_PATH Refused
        "there is no API at this path" => "check the path of the call",
        "没有这个路径的接口" => "检查调用的路径";
    40097 INVALID_ARGUMENTS Refused
        "an argument is not valid" => "compare the request with the operation's page",
        "参数错误" => "对照接口文档检查请求";
    40101 MISSING_PARAMETER Refused
        "a parameter is missing" => "compare the request with the operation's page",
        "缺少参数" => "对照接口文档补全请求";
    40126 INVALID_TEXT_SIZE Refused
        "the length of a text is not valid" => "shorten the text, or fill it in",
        "文本长度不合法" => "缩短文本，或补上文本";
    40130 TOO_FEW_OPENIDS Refused
        "the list of openids is too short" => "name at least two openids",
        "openid 列表太短" => "至少给出两个 openid";
    40137 INVALID_IMAGE_FORMAT Refused
        "the image's format is not supported" => "send JPG or PNG",
        "不支持的图片格式" => "使用 JPG 或 PNG";
    40141 INVALID_IMAGE_URL Refused
        "the image's URL is not one that the upload gave" => "upload the image and use the URL of that answer",
        "图片 URL 不是上传接口返回的" => "先上传图片，再使用返回的 URL";
    41005 MISSING_MEDIA Refused
        "the request has no file" => "send the file as the part media of a multipart/form-data form",
        "缺少文件" => "用 multipart/form-data 表单的 media 字段上传文件";
    41009 MISSING_OPENID Refused
        "the openid is missing" => "add the openid",
        "缺少 openid" => "补上 openid";
    41011 MISSING_FIELD Refused
        "a required member is missing" => "add the member whose path the message has",
        "缺少必填字段" => "补上错误信息里写明路径的字段";
    41012 MISSING_CARD_ID Refused
        "card_id is missing" => "add card_id",
        "缺少 card_id" => "补上 card_id";
    41013 MISSING_CODE Refused
        "the code is missing" => "add code",
        "缺少 code" => "补上 code";
    41014 MISSING_TICKET_CLASS Refused
        "ticket_class is missing" => "add ticket_class",
        "缺少 ticket_class" => "补上 ticket_class（电影票的票类）";
    41015 MISSING_SHOW_TIME Refused
        "show_time is missing" => "add show_time",
        "缺少 show_time" => "补上 show_time（放映时间）";
    41016 MISSING_SCREENING_ROOM Refused
        "screening_room is missing" => "add screening_room",
        "缺少 screening_room" => "补上 screening_room（影厅）";
    41017 MISSING_SEAT_NUMBER Refused
        "seat_number is missing" => "add seat_number",
        "缺少 seat_number" => "补上 seat_number（座位号）";
    43001 GET_REQUIRED Refused
        "the call must be a GET" => "send it with GET",
        "必须使用 GET" => "改用 GET";
    43002 POST_REQUIRED Refused
        "the call must be a POST" => "send it with POST",
        "必须使用 POST" => "改用 POST";
    43003 HTTPS_REQUIRED Refused
        "the call must go over HTTPS" => "use a base URL that begins with https",
        "必须使用 HTTPS" => "把 base URL 改为 https";
    43004 SUBSCRIPTION_REQUIRED Refused
        "the receiver does not follow the account" => "let the user follow the account first",
        "接收者没有关注公众号" => "请用户先关注公众号";
    44002 EMPTY_BODY Refused
        "the request has no body" => "send a JSON body; look for a proxy that drops it",
        "请求体为空" => "发送 JSON 请求体，并检查代理是否丢弃了它";
    45002 CONTENT_TOO_LONG Refused
        "the content is too long" => "shorten the content",
        "内容过长" => "缩短内容";
    45021 FIELD_TOO_LONG Refused
        "a field is too long" => "count bytes, of which a Chinese character has three, and shorten it",
        "有字段超过长度限制" => "按字节计算（一个汉字三个字节）并缩短";
    47001 UNREADABLE_REQUEST Refused
        "the request's JSON cannot be read, or a member has the wrong type"
            => "send valid JSON: no null, and words where words are asked for",
        "请求的 JSON 无法解析，或字段类型不对" => "发送合法的 JSON：不要有 null，该用字符串的不要用数字";
    47002 ESCAPED_REQUEST Refused
        "the request's JSON has \\u escapes" => "send plain UTF-8 without \\u escapes",
        "请求的 JSON 使用了 \\u 转义" => "直接发送 UTF-8 文本，不要用 \\u 转义";
    61500 INVALID_DATE_FORMAT Refused
        "a date is not written as YYYY-MM-DD" => "write dates as YYYY-MM-DD",
        "日期格式错误" => "日期写成 YYYY-MM-DD";
    61501 INVALID_DATE_RANGE Refused
        "the range of dates is too long, or reaches today" => "ask for at most 62 days that end yesterday at the latest",
        "日期范围过长，或包含当天" => "一次最多查询 62 天，且截止到昨天";
}
