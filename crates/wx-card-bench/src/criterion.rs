//! What criterion has measured last.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;
use wx_card_bench::cases;

/// One case, with the median of its time.
pub(crate) struct Timed {
    pub(crate) name: &'static str,
    pub(crate) nanos: f64,
}

/// Every case, in order.
pub(crate) fn read() -> Result<Vec<Timed>, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).ok_or("the program is in no target folder")?;
    let cases = cases::all()?.into_iter();
    cases
        .map(|case| timed(&target.join("criterion"), case.name()))
        .collect()
}

fn timed(folder: &Path, name: &'static str) -> Result<Timed, Box<dyn Error>> {
    // That is how criterion names its folders.
    let file = folder.join(name.replace('/', "_")).join("new").join("estimates.json");
    let estimates = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let estimates: Value = serde_json::from_slice(&estimates)?;
    let nanos = estimates["median"]["point_estimate"].as_f64();
    Ok(Timed {
        name,
        nanos: nanos.ok_or("an estimate has no median")?,
    })
}
