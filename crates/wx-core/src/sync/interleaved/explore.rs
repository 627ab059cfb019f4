//! All orders of steps, once each.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, Runner};

use super::{BOARD, Board, Step};

/// Runs `test` in every order of the steps of its threads, and says in how many.
///
/// Of orders that differ only in steps that commute one is enough: a thread "sleeps" at a place of the search where
/// what it would do has been tried, until somebody does something that does not commute with it ("sleep sets", Godefroid
/// 1996). A panic of any thread, or threads that wait for each other, fail the test.
pub(crate) fn explore(test: impl Fn() + Send + Sync + 'static) -> usize {
    let mut config = Config::new();
    // The warning says that memory orderings weaker than sequential ones are not tried.
    config.silence_warnings = true;
    let search = Search::default();
    let orders = Rc::clone(&search.orders);
    Runner::new(search, config).run(test);
    orders.get()
}

/// What threads do when they go on; `None` is what nobody else sees.
type Threads = BTreeMap<usize, Option<Step>>;

/// A place where one of several threads went on.
#[derive(Debug)]
struct Place {
    went: (usize, Option<Step>),
    untried: Threads,
    asleep: Threads,
}

impl Place {
    /// Who still sleeps after that thread went on.
    fn asleep_after(&self) -> Threads {
        let sleeps_on = |step: Option<Step>| match (step, self.went.1) {
            (Some(step), Some(went)) => step.commutes_with(went),
            _ => true,
        };
        let asleep = self.asleep.iter().filter(|(_, step)| sleeps_on(**step));
        asleep.map(|(thread, step)| (*thread, *step)).collect()
    }

    /// Goes on with a thread that has not been tried here; says whether there is one.
    fn turn(&mut self) -> bool {
        let Some(next) = self.untried.pop_first() else {
            return false;
        };
        let (thread, step) = std::mem::replace(&mut self.went, next);
        self.asleep.insert(thread, step);
        true
    }
}

/// Depth first.
#[derive(Debug, Default)]
struct Search {
    path: Vec<Place>,
    /// How far along the path the present run is.
    at: usize,
    has_begun: bool,
    orders: Rc<Cell<usize>>,
    /// Whether the present run has come to where everybody sleeps, so that it shows nothing new.
    is_known: bool,
}

impl Search {
    /// A place of which nothing has been tried.
    fn place(&mut self, mut threads: Threads) -> Option<Place> {
        let asleep = self.path.last().map(Place::asleep_after).unwrap_or_default();
        let quiet = threads.iter().find(|(_, step)| step.is_none());
        let awake = threads.iter().find(|(thread, _)| !asleep.contains_key(*thread));
        self.is_known |= quiet.or(awake).is_none();
        // What nobody else sees may as well be done at once, and instead of no other order.
        let is_only_way = quiet.is_some() || self.is_known;
        let (thread, step) = quiet.or(awake).or(threads.iter().next())?;
        let went = (*thread, *step);
        threads.retain(|thread, _| !is_only_way && *thread != went.0 && !asleep.contains_key(thread));
        Some(Place {
            went,
            untried: threads,
            asleep,
        })
    }
}

impl Scheduler for Search {
    fn new_execution(&mut self) -> Option<Schedule> {
        while self.path.last_mut().is_some_and(|place| !place.turn()) {
            self.path.pop();
        }
        if self.has_begun && !self.is_known {
            self.orders.update(|orders| orders + 1);
        }
        if self.has_begun && self.path.is_empty() {
            return None;
        }
        BOARD.set(Board::default());
        (self.at, self.has_begun, self.is_known) = (0, true, false);
        Some(Schedule::new(0))
    }

    fn next_task(&mut self, runnable: &[&Task], _: Option<TaskId>, _: bool) -> Option<TaskId> {
        if self.at == self.path.len() {
            let next = BOARD.with_borrow(|board| {
                let next = |task: &&Task| {
                    let thread = usize::from(task.id());
                    (thread, board.next.get(&thread).copied())
                };
                runnable.iter().map(next).collect()
            });
            let place = self.place(next)?;
            self.path.push(place);
        }
        let (thread, _) = self.path.get(self.at)?.went;
        self.at += 1;
        Some(thread.into())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::{Arc, Mutex as StdMutex};

    use shuttle::thread;

    use super::super::{AtomicU64, Ordering};
    use super::*;

    /// How often a thread does what with its number.
    type Steps = (usize, fn(&AtomicU64));

    /// How many orders there are for threads that share so many numbers.
    fn orders(threads: &'static [Steps], numbers: usize) -> usize {
        explore(move || {
            let numbers: Arc<Vec<_>> = Arc::new((0..numbers).map(|_| AtomicU64::default()).collect());
            let running: Vec<_> = threads
                .iter()
                .enumerate()
                .map(|(thread, (steps, step))| {
                    let numbers = Arc::clone(&numbers);
                    thread::spawn(move || (0..*steps).for_each(|_| step(&numbers[thread % numbers.len()])))
                })
                .collect();
            running.into_iter().for_each(|thread| thread.join().unwrap());
        })
    }

    fn add(number: &AtomicU64) {
        number.fetch_add(1, Ordering::Relaxed);
    }

    fn look(number: &AtomicU64) {
        number.load(Ordering::Relaxed);
    }

    #[test]
    fn interleavings_are_as_many_as_can_be_told_apart() {
        assert_eq!(orders(&[(2, add), (2, add)], 1), 6);
        assert_eq!(orders(&[(3, add), (3, add)], 1), 20);
        assert_eq!(orders(&[(2, add), (2, add), (2, add)], 1), 90);
        assert_eq!(orders(&[(3, add), (3, add)], 2), 1);
        assert_eq!(orders(&[(3, look), (3, look)], 1), 1);
        assert_eq!(orders(&[(2, look), (1, add)], 1), 3);
    }

    #[test]
    fn interleavings_show_the_lost_update() {
        let ends = Arc::new(StdMutex::new(BTreeSet::new()));
        let seen = Arc::clone(&ends);
        explore(move || {
            let number = Arc::new(AtomicU64::default());
            let careless = || {
                let number = Arc::clone(&number);
                thread::spawn(move || {
                    let next = number.load(Ordering::Relaxed) + 1;
                    let now = number.load(Ordering::Relaxed);
                    number.fetch_add(next.saturating_sub(now), Ordering::Relaxed);
                })
            };
            let threads = [careless(), careless()];
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            seen.lock().unwrap().insert(number.load(Ordering::Relaxed));
        });
        assert_eq!(*ends.lock().unwrap(), BTreeSet::from([1, 2]));
    }
}
