//! A cash coupon: ten yuan off a bill of a hundred, for thirty days from the day it is taken.
//!
//! Prints the JSON that creates it, as `wx-card card create FILE` takes it:
//!
//! ```sh
//! cargo run -p wx-card-types --example coupon
//! ```

use std::error::Error;

use wx_card_types::{
    AdvancedInfo, BaseInfo, BusinessService, Cash, CodeType, Color, CreateCard, DateInfo, Endpoint as _, Fen, Sku,
    Summary, TextImage, TimeLimit, TimeLimitType, UseCondition,
};

/// A picture, as the upload of images answers it.
const PICTURE: &str = "http://mmbiz.qpic.cn/mmbiz/iaL1LJM1mF9aRKPZJkmG8xXhiaHqkKSVMMWeN3hLut7X7h/0";

fn request() -> CreateCard {
    let base_info = BaseInfo::new(
        PICTURE,
        "微信餐厅",
        CodeType::Qrcode,
        "十元代金券",
        Color::Color010,
        "使用时向服务员出示此券",
        "不可与其他优惠同享\n店内均可使用，仅限堂食",
        Sku::new(500_000),
        DateInfo::days(30),
    )
    .service_phone("020-88888888")
    .get_limit(3)
    .use_all_locations(true)
    .can_give_friend(false);

    let advanced_info = AdvancedInfo::new()
        .use_condition(
            UseCondition::new()
                .accept_category("鞋类")
                .can_use_with_other_discount(false),
        )
        .summary(
            Summary::new()
                .text("微信餐厅推出多种新季菜品")
                .icon_url_list([PICTURE.to_owned()]),
        )
        .text_image_list([TextImage::new(PICTURE, "此菜品精选食材")])
        .business_service([BusinessService::FreeWifi, BusinessService::Deliver])
        .time_limit([TimeLimit::new(TimeLimitType::Saturday).begin_hour(10).end_hour(22)]);

    let coupon = Cash::new(base_info, Fen::from_yuan(10))
        .least_cost(Fen::from_yuan(100))
        .advanced_info(advanced_info);
    CreateCard::new(coupon)
}

#[expect(clippy::print_stdout, reason = "an example shows what it made")]
pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let request = request();
    request.validate()?;
    println!("{}", serde_json::to_string_pretty(&request)?);
    Ok(())
}
