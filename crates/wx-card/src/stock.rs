//! Setting the stock of a card, where the service can only change it.

use std::error::Error as StdError;
use std::fmt;

use wx_card_types::{CardId, GetCard, GetCardResponse, ModifyStock};
use wx_core::Error;

use crate::decode::decode;
use crate::patience::{DEFAULT_PATIENCE, Patience, is_hopeless};
use crate::{CardClient, ConfirmedBy};

/// What setting the stock of a card came to.
#[derive(Clone, Debug)]
#[must_use = "it says whether the stock was changed, which Ok alone does not"]
#[non_exhaustive]
pub enum StockOutcome {
    /// There was nothing to change, and nothing was sent to change it.
    #[non_exhaustive]
    Unchanged {
        /// How many coupons are left to take.
        quantity: i64,
    },
    /// The stock is changed.
    #[non_exhaustive]
    Changed {
        /// How many coupons were left to take before.
        from: i64,
        /// How many are left to take now: what was asked for where the answer says that it is done, and the number
        /// that was read where it had to be read. Users who take coupons meanwhile make it smaller.
        to: i64,
        /// How it is known.
        confirmed_by: ConfirmedBy,
    },
    /// The change may have run, and the stock does not show it. It may even run later.
    ///
    /// Wait a while, look at the stock, and only then set it again: that reads it afresh.
    #[non_exhaustive]
    Unknown {
        /// How many coupons were left to take before.
        from: i64,
        /// How many were left by the last reading, if there was any.
        last_read: Option<i64>,
        /// The unclear outcome.
        error: Error,
    },
}

/// How many there are left to take, and how many there have been in all.
#[derive(Clone, Copy)]
pub(crate) struct Stock {
    pub(crate) quantity: i64,
    pub(crate) total: Option<i64>,
}

impl CardClient {
    /// Sets the stock of a card (设置库存): reads it, changes it once by the difference, and after an unclear outcome
    /// reads it again, for at most 5 seconds.
    ///
    /// `quantity` is how many coupons shall be left to take, 0 to 100,000,000; what users have taken does not count.
    /// The service only knows changes (`/card/modifystock`), so this is no lock: of two who set the stock at the same
    /// time both may add their difference. Let one process do it.
    ///
    /// | outcome | what to do |
    /// | --- | --- |
    /// | [`Unchanged`](StockOutcome::Unchanged), [`Changed`](StockOutcome::Changed) | nothing |
    /// | [`Unknown`](StockOutcome::Unknown) | wait a while, look at the stock, set it again if need be |
    /// | `Err` | nothing was changed by this call; do what the error says |
    ///
    /// ```
    /// # use wx_card::CardClient;
    /// # use wx_core::{Error, test_util::{Reply, Script}};
    /// # async fn set() -> Result<(), Error> {
    /// # let card = r#"{"errcode":0,"card":{"card_type":"GIFT","gift":{"base_info":{"sku":{"quantity":40,"total_quantity":100}}}}}"#;
    /// # let replies = [Reply::token("T"), Reply::json(card), Reply::json(r#"{"errcode":0}"#)];
    /// # let client = CardClient::new("wx0000000000000001", "secret", Script::new(replies));
    /// use wx_card::StockOutcome;
    ///
    /// match client.modify_stock_to("pFS7Fjg8kV1IdDz01r4SQwMkuCKc", 100).await? {
    ///     StockOutcome::Unchanged { quantity, .. } => println!("there are {quantity} already"),
    ///     StockOutcome::Changed { from, to, .. } => println!("{from} before, {to} now"),
    ///     unknown => println!("look at the card before trying again: {unknown:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(set()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`get_card`](Self::get_card) and [`modify_stock`](Self::modify_stock) after which nothing is changed;
    /// [`Error::may_have_run`] is false for each of them.
    #[doc(alias = "card/modifystock")]
    #[doc(alias = "修改库存")]
    #[doc(alias = "设置库存")]
    pub async fn modify_stock_to(&self, card_id: impl Into<CardId>, quantity: u32) -> Result<StockOutcome, Error> {
        let (card_id, target) = (card_id.into(), i64::from(quantity));
        // Whatever became of the reading, nothing was sent to change the stock.
        let before = self.stock(&card_id).await.map_err(Error::of_preparation)?;
        let change = target.saturating_sub(before.quantity);
        if change == 0 {
            return Ok(StockOutcome::Unchanged { quantity: target });
        }
        match self.modify_stock(&ModifyStock::new(&card_id, change)).await {
            Ok(_) => Ok(StockOutcome::Changed {
                from: before.quantity,
                to: target,
                confirmed_by: ConfirmedBy::Answer,
            }),
            Err(error) if error.may_have_run() => Ok(self.find_out_stock(&card_id, before, change, error).await),
            Err(error) => Err(error),
        }
    }

    /// Reads the stock until it shows the change or patience ends.
    async fn find_out_stock(&self, card_id: &CardId, before: Stock, change: i64, error: Error) -> StockOutcome {
        let mut patience = Patience::new(self.core(), DEFAULT_PATIENCE);
        let mut last_read = None;
        loop {
            match patience.ask(self.stock(card_id)).await {
                Some(Ok(now)) if now.shows(before, change) => {
                    return StockOutcome::Changed {
                        from: before.quantity,
                        to: now.quantity,
                        confirmed_by: ConfirmedBy::Query,
                    };
                }
                Some(Ok(now)) => last_read = Some(now.quantity),
                Some(Err(error)) if is_hopeless(&error) => break,
                Some(Err(_)) | None => {}
            }
            if !patience.wait().await {
                break;
            }
        }
        StockOutcome::Unknown {
            from: before.quantity,
            last_read,
            error,
        }
    }

    pub(crate) async fn stock(&self, card_id: &CardId) -> Result<Stock, Error> {
        let answer = self.answer(&GetCard::new(card_id)).await?;
        let card = decode::<GetCardResponse>(&answer)?.card;
        let sku = card.base_info().and_then(|base_info| base_info.sku.clone());
        let stock = sku.and_then(|sku| {
            Some(Stock {
                quantity: sku.quantity?,
                total: sku.total_quantity,
            })
        });
        stock.ok_or_else(|| answer.unreadable("base_info.sku.quantity", NoStock))
    }
}

impl Stock {
    /// Whether the stock is one that was `before` and then changed by `change`.
    ///
    /// Users who take coupons lower what is left, as if somebody had lowered the stock, but not what there has been in
    /// all.
    pub(crate) fn shows(self, before: Self, change: i64) -> bool {
        match (before.total, self.total) {
            (Some(before), Some(now)) => now == before.saturating_add(change),
            // Only that there are more can be no user's doing.
            _ => 0 < change && self.quantity == before.quantity.saturating_add(change),
        }
    }
}

/// The answer does not say how many coupons are left.
#[derive(Debug)]
struct NoStock;

impl fmt::Display for NoStock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the card has no stock")
    }
}

impl StdError for NoStock {}
