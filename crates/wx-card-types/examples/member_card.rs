//! A member card that users activate with one tap and that counts bonus points, and a change of it later on.
//!
//! Prints the JSON that creates it and the JSON that changes it:
//!
//! ```sh
//! cargo run -p wx-card-types --example member_card
//! ```

use std::error::Error;

use wx_card_types::{
    BaseInfo, BaseInfoUpdate, BonusRule, CodeType, Color, CreateCard, CustomCell, CustomField, DateInfo, Endpoint as _,
    Fen, FieldNameType, MemberCard, MemberCardUpdate, MsgOperation, MsgUrlCell, Sku, UpdateCard,
};

fn create() -> CreateCard {
    let base_info = BaseInfo::new(
        "http://mmbiz.qpic.cn/mmbiz/iaL1LJM1mF9aRKPZ/0",
        "微信餐厅",
        CodeType::Barcode,
        "微信餐厅会员卡",
        Color::Color020,
        "结账时出示此卡",
        "会员专享，不可转让",
        Sku::new(50_000_000),
        DateInfo::permanent(),
    )
    .get_limit(1)
    .can_give_friend(false)
    .need_push_on_view(true);

    // A point for every yuan; a hundred points are a yuan off, for bills of ten yuan and more.
    let bonus_rule = BonusRule::new()
        .cost_money_unit(Fen::from_yuan(1))
        .increase_bonus(1)
        .cost_bonus_unit(100)
        .reduce_money(Fen::from_yuan(1))
        .least_money_to_use_bonus(Fen::from_yuan(10));

    let (shows_bonus, shows_balance) = (true, false);
    let card = MemberCard::new(base_info, "消费满额享积分", shows_bonus, shows_balance)
        .wx_activate(true)
        .bonus_rules("消费一元积一分，百分抵一元")
        .bonus_rule(bonus_rule)
        .custom_field1(CustomField::of(FieldNameType::Level).url("https://example.com/level"))
        .custom_field2(CustomField::named("生日").url("https://example.com/birthday"))
        .custom_cell1(CustomCell::new("在线订座", "免排队", "https://example.com/book"));
    CreateCard::new(card)
}

fn update(card_id: &str) -> UpdateCard {
    let told = MsgUrlCell::new().text("去看看新菜单").url("https://example.com/menu");
    let changes = MemberCardUpdate::new()
        .base_info(BaseInfoUpdate::new().service_phone("020-88888888"))
        .modify_msg_operation(MsgOperation::new().url_cell(told));
    UpdateCard::new(card_id, changes)
}

#[expect(clippy::print_stdout, reason = "an example shows what it made")]
pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let (create, update) = (create(), update("ph_gmt7cUVrlRk8swPwx7aDyF-pg"));
    create.validate()?;
    update.validate()?;
    println!("{}", serde_json::to_string_pretty(&create)?);
    println!("{}", serde_json::to_string_pretty(&update)?);
    Ok(())
}
