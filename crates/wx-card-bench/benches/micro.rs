//! Times what costs no request: `cargo bench -p wx-card-bench`.

use std::time::Duration;

use criterion::Criterion;
use wx_card_bench::cases;

fn main() -> Result<(), wx_card::core::Error> {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    for mut case in cases::all()? {
        criterion.bench_function(case.name(), |bencher| bencher.iter(|| case.run()));
    }
    criterion.final_summary();
    Ok(())
}
