//! Creating a card without creating it twice.

use std::collections::BTreeSet;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::TryStreamExt as _;
use wx_card_types::{BatchGetCards, Card, CardDetail, CardId, CreateCard, GetCard};
use wx_core::Error;

use crate::CardClient;
use crate::patience::{DEFAULT_PATIENCE, Patience, is_hopeless};

/// Most cards that are looked at after an unclear outcome.
const MAX_READS: usize = 100;

/// How far the service's clock may be behind ours.
const CLOCK_SLACK: Duration = Duration::from_secs(300);

/// What creating a card came to.
#[derive(Clone, Debug)]
#[must_use = "it says whether the card was created, which Ok alone does not"]
#[non_exhaustive]
pub enum CreateOutcome {
    /// The card is created: the service said so.
    #[non_exhaustive]
    Created {
        /// The new card.
        card_id: CardId,
    },
    /// The outcome was unclear, and these new cards look like the one that was to be created. It is no proof: somebody
    /// else may have created a card like it in the meantime.
    #[non_exhaustive]
    FoundLikely {
        /// The cards; mostly there is one.
        card_ids: Vec<CardId>,
        /// The unclear outcome.
        error: Error,
    },
    /// The card may have been created, and it was not found. It may even be created later.
    ///
    /// Before creating it again, look for it a while later: with [`list_cards`](CardClient::list_cards) and
    /// [`get_card`](CardClient::get_card), by its title and `create_time`, or in the console.
    #[non_exhaustive]
    Unknown {
        /// The unclear outcome.
        error: Error,
    },
}

impl CardClient {
    /// Creates a card (创建卡券) once, and after an unclear outcome looks for it.
    ///
    /// [`create_card`](Self::create_card) sends one request, and where its answer is lost a second one might create a
    /// second card. This looks for the card instead, for at most 5 seconds: among the cards on the first and on the
    /// last page of the account's list (the service does not say which of them has the new ones) it finds those that
    /// were created since, or in the five minutes before, and have the same kind, title, merchant, notice and description. That costs up to 100 reads,
    /// and nothing where the answer came. [`list_first`](CreateOnce::list_first) makes it surer.
    ///
    /// | outcome | what to do |
    /// | --- | --- |
    /// | [`Created`](CreateOutcome::Created) | keep the id |
    /// | [`FoundLikely`](CreateOutcome::FoundLikely) | keep the id if you alone create cards like this one, and created none in the five minutes before or used `list_first`; else let a person look |
    /// | [`Unknown`](CreateOutcome::Unknown) | look again later; do not create it again before |
    /// | `Err` | nothing was created; do what the error says |
    ///
    /// ```
    /// # use wx_card::types::{BaseInfo, Cash, CodeType, Color, CreateCard, DateInfo, Fen, Sku};
    /// # use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
    /// # use wx_card::CardClient;
    /// # use wx_card::core::Error;
    /// # async fn create() -> Result<(), Error> {
    /// # let client = CardClient::new(DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox::new());
    /// # let base_info = BaseInfo::new("http://mmbiz.qpic.cn/logo", "微信餐厅", CodeType::Qrcode, "十元代金券",
    /// #     Color::Color010, "使用时出示此券", "每桌限用一张", Sku::new(1), DateInfo::days(30));
    /// # let request = CreateCard::new(Cash::new(base_info, Fen::from_yuan(10)));
    /// use wx_card::CreateOutcome;
    ///
    /// match client.create_card_once(&request).await? {
    ///     CreateOutcome::Created { card_id, .. } => println!("created {card_id}"),
    ///     CreateOutcome::FoundLikely { card_ids, .. } => println!("created, most likely: {card_ids:?}"),
    ///     _ => println!("look for the card later, and do not create it again before"),
    /// }
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(create()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`create_card`](Self::create_card) after which nothing is created, and with
    /// [`list_first`](CreateOnce::list_first) those of [`list_cards`](Self::list_cards);
    /// [`Error::may_have_run`] is false for each of them.
    #[doc(alias = "card/create")]
    #[doc(alias = "创建卡券")]
    pub fn create_card_once(&self, request: &CreateCard) -> CreateOnce {
        CreateOnce {
            client: self.clone(),
            request: request.clone(),
            list_first: false,
        }
    }
}

/// The creation of a card that begins when it is awaited; [`CardClient::create_card_once`] tells of it.
#[must_use = "nothing is created before it is awaited"]
pub struct CreateOnce {
    client: CardClient,
    request: CreateCard,
    list_first: bool,
}

/// What is known of the time before.
enum Before {
    /// Every card that was there.
    Cards(BTreeSet<CardId>),
    /// When it was.
    Time(SystemTime),
}

/// How far the search has come.
#[derive(Default)]
struct Search {
    looked_at: BTreeSet<CardId>,
    found: Vec<CardId>,
}

impl Search {
    fn is_at_its_end(&self) -> bool {
        MAX_READS <= self.looked_at.len()
    }
}

impl CreateOnce {
    /// Whether to list all cards of the account before; off unless told otherwise.
    ///
    /// It costs one call for each 50 cards, and as many again after an unclear outcome. Then only cards that were not
    /// there before are looked at, whatever the order of the list and whatever the clocks say.
    pub fn list_first(mut self, list_first: bool) -> Self {
        self.list_first = list_first;
        self
    }

    async fn run(self) -> Result<CreateOutcome, Error> {
        let before = if self.list_first {
            // Whatever became of the listing, nothing was sent to create a card.
            Before::Cards(self.all().await.map_err(Error::of_preparation)?)
        } else {
            Before::Time(self.client.core().now())
        };
        match self.client.create_card(&self.request).await {
            Ok(answer) => Ok(CreateOutcome::Created {
                card_id: answer.card_id,
            }),
            Err(error) if error.may_have_run() => Ok(self.find(&before, error).await),
            Err(error) => Err(error),
        }
    }

    /// Looks for the card until it is found or patience ends.
    async fn find(&self, before: &Before, error: Error) -> CreateOutcome {
        let mut patience = Patience::new(self.client.core(), DEFAULT_PATIENCE);
        let mut search = Search::default();
        loop {
            let looked = patience.ask(self.look(before, &mut search)).await;
            let is_hopeless = matches!(looked, Some(Err(error)) if is_hopeless(&error));
            // What was found counts, also where the rest could not be read.
            if !search.found.is_empty() {
                let card_ids = search.found;
                return CreateOutcome::FoundLikely { card_ids, error };
            }
            if is_hopeless || search.is_at_its_end() || !patience.wait().await {
                return CreateOutcome::Unknown { error };
            }
        }
    }

    /// Looks at the cards that may be the new one and that were not looked at yet.
    async fn look(&self, before: &Before, search: &mut Search) -> Result<(), Error> {
        let cards = match before {
            Before::Cards(known) => self.all().await?.difference(known).cloned().collect(),
            Before::Time(_) => self.first_and_last().await?,
        };
        for card_id in cards {
            if search.is_at_its_end() || search.looked_at.contains(&card_id) {
                continue;
            }
            let card = self.client.get_card(&GetCard::new(&card_id)).await?.card;
            if before.allows(&card) && is_like(&self.request.card, &card) {
                search.found.push(card_id.clone());
            }
            search.looked_at.insert(card_id);
        }
        Ok(())
    }

    async fn all(&self) -> Result<BTreeSet<CardId>, Error> {
        self.client.list_cards(&[]).try_collect().await
    }

    /// The cards on the first and on the last page.
    async fn first_and_last(&self) -> Result<Vec<CardId>, Error> {
        let page = BatchGetCards::MAX_COUNT;
        let first = self.client.batch_get_cards(&BatchGetCards::new(0_u32, page)).await?;
        let mut cards = first.card_id_list;
        let total = first.total_num.and_then(|total| u32::try_from(total).ok()).unwrap_or(0);
        if page < total {
            let last = BatchGetCards::new((total - page).max(page), page);
            cards.extend(self.client.batch_get_cards(&last).await?.card_id_list);
        }
        Ok(cards)
    }
}

impl Before {
    /// Whether `card` was not there before, as far as it tells.
    fn allows(&self, card: &CardDetail) -> bool {
        match self {
            Self::Cards(_) => true,
            Self::Time(time) => {
                let earliest = time.checked_sub(CLOCK_SLACK).unwrap_or(UNIX_EPOCH);
                let earliest = earliest.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                let created = card.base_info().and_then(|base_info| base_info.create_time);
                created
                    .and_then(|created| u64::try_from(created).ok())
                    .is_some_and(|created| earliest <= created)
            }
        }
    }
}

/// Whether `card` says what `wanted` says, as far as both have it.
fn is_like(wanted: &Card, card: &CardDetail) -> bool {
    let (Some(want), Some(have)) = (wanted.base_info(), card.base_info()) else {
        return false;
    };
    let texts = [
        (&want.title, &have.title),
        (&want.brand_name, &have.brand_name),
        (&want.notice, &have.notice),
        (&want.description, &have.description),
    ];
    wanted.card_type() == card.card_type() && texts.iter().all(|(want, have)| have.as_ref() == Some(*want))
}

impl IntoFuture for CreateOnce {
    type Output = Result<CreateOutcome, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for CreateOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateOnce")
            .field("list_first", &self.list_first)
            .finish_non_exhaustive()
    }
}
