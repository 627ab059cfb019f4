//! A boarding pass, for the day of the flight.
//!
//! Prints the JSON that creates it, as `wx-card card create FILE` takes it:
//!
//! ```sh
//! cargo run -p wx-card-types --example boarding_pass
//! ```

use std::error::Error;

use wx_card_types::{BaseInfo, BoardingPass, CodeType, Color, CreateCard, Date, DateInfo, Endpoint as _, Sku};

fn request(day: Date) -> CreateCard {
    // At half past eight in the morning of Beijing, two hours and a half long.
    let departure = day.first_second() + 8 * 3600 + 30 * 60;
    let landing = departure + 2 * 3600 + 30 * 60;

    let base_info = BaseInfo::new(
        "http://mmbiz.qpic.cn/mmbiz/iaL1LJM1mF9aRKPZ/0",
        "微信航空",
        CodeType::Text,
        "成都飞广州",
        Color::Color030,
        "登机时出示此卡",
        "请在起飞前四十分钟办理登机手续",
        Sku::new(300),
        DateInfo::dates(day, day),
    )
    .get_limit(1)
    .can_give_friend(false);

    let pass = BoardingPass::new(base_info, "成都", "广州", "CE123", departure, landing, "空客A320")
        .gate("A11")
        .boarding_time(departure - 30 * 60)
        .check_in_url("https://example.com/check-in");
    CreateCard::new(pass)
}

#[expect(clippy::print_stdout, reason = "an example shows what it made")]
pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let request = request("2027-05-01".parse()?);
    request.validate()?;
    println!("{}", serde_json::to_string_pretty(&request)?);
    Ok(())
}
