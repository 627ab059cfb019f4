//! What a process has used, as the kernel counts it.

use std::error::Error;
use std::time::{Duration, Instant};

/// Clock ticks a second in `/proc`: fixed by the kernel's interface on every Linux.
const TICKS: u64 = 100;

/// User and system time of this process so far.
pub(crate) fn cpu() -> Result<Duration, Box<dyn Error>> {
    ticks_from("self", 11)
}

/// User and system time of another process so far.
pub(crate) fn cpu_of(id: u32) -> Result<Duration, Box<dyn Error>> {
    ticks_from(&id.to_string(), 11)
}

/// User and system time of all processes that this one has started and waited for.
pub(crate) fn cpu_of_children() -> Result<Duration, Box<dyn Error>> {
    ticks_from("self", 13)
}

/// The sum of two numbers of ticks, from the one with so many after the program's name and the state.
fn ticks_from(process: &str, first: usize) -> Result<Duration, Box<dyn Error>> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name of the program, in parentheses, may hold blanks.
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
    let mut fields = fields.split_whitespace().skip(first);
    let mut ticks = 0;
    for _ in 0..2 {
        ticks += fields.next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_millis(ticks * 1000 / TICKS))
}

/// The most memory that this process has had, in KiB.
pub(crate) fn peak_kib() -> Result<u64, Box<dyn Error>> {
    status("self", "VmHWM:")
}

/// The memory that another process has now, in KiB.
pub(crate) fn resident_kib(id: u32) -> Result<u64, Box<dyn Error>> {
    status(&id.to_string(), "VmRSS:")
}

fn status(process: &str, name: &str) -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()).unwrap_or_default();
    Ok(number.parse()?)
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
