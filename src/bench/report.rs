//! What comes out: rows with targets, as a table for people and JSON for programs. Each section writes a part; this page
//! puts the parts together, also those that other tools wrote.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    Higher,
    Lower,
}

/// One measure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub measure: String,
    pub value: f64,
    pub unit: String,
    pub better: Better,
    /// What is promised, and what is aimed at; without, the row is there to compare with.
    #[serde(default)]
    pub must: Option<f64>,
    #[serde(default)]
    pub goal: Option<f64>,
}

impl Row {
    /// A measure without a target.
    pub fn plain(measure: impl Into<String>, value: f64, unit: &str) -> Row {
        let unit = unit.to_owned();
        Row { measure: measure.into(), value, unit, better: Better::Lower, must: None, goal: None }
    }

    /// A measure that has to reach its target.
    pub fn at_least(measure: impl Into<String>, value: f64, unit: &str, must: f64, goal: f64) -> Row {
        Row { better: Better::Higher, must: Some(must), goal: Some(goal), ..Row::plain(measure, value, unit) }
    }

    /// A measure that has to stay below its target.
    pub fn at_most(measure: impl Into<String>, value: f64, unit: &str, must: f64, goal: f64) -> Row {
        Row { better: Better::Lower, must: Some(must), goal: Some(goal), ..Row::plain(measure, value, unit) }
    }

    fn reaches(&self, target: f64) -> bool {
        match self.better {
            Better::Higher => self.value >= target,
            Better::Lower => self.value <= target,
        }
    }

    /// The word for how it stands: `goal`, `must`, `missed`; empty without a target.
    pub fn verdict(&self) -> &'static str {
        match (self.must, self.goal) {
            (_, Some(goal)) if self.reaches(goal) => "goal",
            (Some(must), _) if self.reaches(must) => "must",
            (None, None) => "",
            _ => "missed",
        }
    }
}

/// What a section found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Part {
    pub rows: Vec<Row>,
    /// The runs behind the rows.
    #[serde(default)]
    pub runs: Vec<Value>,
}

impl Part {
    /// Writes the part of a section into the folder of parts. What could not be measured is left out, and said.
    pub fn write(mut self, parts: &Path, section: &str) -> io::Result<()> {
        self.rows.retain(|row| {
            if !row.value.is_finite() {
                println!("  not measured: {}", row.measure);
            }
            row.value.is_finite()
        });
        std::fs::create_dir_all(parts)?;
        std::fs::write(parts.join(format!("{section}.json")), serde_json::to_string_pretty(&self)?)
    }
}

/// Puts all parts into one file and prints the table.
pub fn finish(parts: &Path, results: &Path) -> io::Result<()> {
    let mut sections = BTreeMap::new();
    for entry in std::fs::read_dir(parts)? {
        let path = entry?.path();
        let Some(name) = path.file_stem().filter(|_| path.extension().is_some_and(|ending| ending == "json")) else {
            continue;
        };
        let part: Part = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
        sections.insert(name.to_string_lossy().into_owned(), part);
    }
    let machine =
        json!({ "cores": std::thread::available_parallelism().map_or(0, usize::from), "processor": processor() });
    let at = jiff::Timestamp::now().to_string();
    let all = json!({ "at": at, "machine": machine, "sections": sections });
    std::fs::write(results, serde_json::to_string_pretty(&all)?)?;
    println!("\n| measure | value | must | goal | reached |\n|---|--:|--:|--:|---|");
    for row in sections.values().flat_map(|part| &part.rows) {
        let target = |target: Option<f64>| target.map(|target| figure(target, &row.unit)).unwrap_or_default();
        let (value, must, goal) = (figure(row.value, &row.unit), target(row.must), target(row.goal));
        println!("| {} | {value} | {must} | {goal} | {} |", row.measure, row.verdict());
    }
    println!(
        "\n| run | per second | answer, ms: p50 / p90 / p99 / p99.9 | other side, ms | errors |\n|---|--:|--:|--:|--:|"
    );
    for line in sections.values().flat_map(|part| &part.runs).filter_map(run_line) {
        println!("{line}");
    }
    Ok(())
}

/// A run of messages as a line of the table; nothing for what is no such run.
fn run_line(run: &Value) -> Option<String> {
    let times = |of: &Value| {
        let times =
            ["p50_ms", "p90_ms", "p99_ms", "p99_9_ms"].map(|name| of[name].as_f64().map(|ms| format!("{ms:.2}")));
        Some(times.into_iter().collect::<Option<Vec<_>>>()?.join(" / "))
    };
    let errors: u64 = run["errors"].as_object()?.values().filter_map(Value::as_u64).sum();
    let other = if run["other_side"]["count"].as_u64() == Some(0) { String::new() } else { times(&run["other_side"])? };
    Some(format!(
        "| {} | {} | {} | {other} | {errors} |",
        run["what"].as_str()?,
        figure(run["rate"].as_f64()?, ""),
        times(&run["ack"])?
    ))
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = info.lines().find(|line| line.starts_with("model name"));
    line.and_then(|line| line.split(':').nth(1)).unwrap_or("unknown").trim().to_owned()
}

/// A number with its unit, as exact as it is worth.
fn figure(value: f64, unit: &str) -> String {
    let number = match value.abs() {
        big if big >= 1_000.0 => {
            let digits = format!("{value:.0}");
            let mut grouped = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            grouped
        }
        medium if medium >= 100.0 => format!("{value:.0}"),
        medium if medium >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    let number = number.trim_end_matches(".00").trim_end_matches(".0");
    if unit.is_empty() { number.to_owned() } else { format!("{number} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_a_line_and_other_figures_are_none() {
        let times = json!({ "count": 9, "p50_ms": 1.0, "p90_ms": 2.0, "p99_ms": 3.5, "p99_9_ms": 4.0 });
        let run = json!({
            "what": "Frontdesk", "rate": 1_500.0, "ack": times, "other_side": times, "errors": { "status 503": 2, "reset": 1 },
        });
        let line = "| Frontdesk | 1,500 | 1.00 / 2.00 / 3.50 / 4.00 | 1.00 / 2.00 / 3.50 / 4.00 | 3 |";
        assert_eq!(run_line(&run).as_deref(), Some(line));
        assert_eq!(run_line(&json!({ "stored": 1_000 })), None);
    }

    #[test]
    fn a_row_says_which_target_it_reached() {
        assert_eq!(Row::at_least("", 10.0, "", 10.0, 20.0).verdict(), "must");
        assert_eq!(Row::at_least("", 20.0, "", 10.0, 20.0).verdict(), "goal");
        assert_eq!(Row::at_most("", 3.1, "", 3.0, 1.5).verdict(), "missed");
        assert_eq!(Row::plain("", 3.1, "").verdict(), "");
    }

    #[test]
    fn figures_are_as_exact_as_they_are_worth() {
        assert_eq!(figure(12_345.6, "/s"), "12,346 /s");
        assert_eq!(figure(100.4, ""), "100");
        assert_eq!(figure(25.0, "ms"), "25 ms");
        assert_eq!(figure(1.234, ""), "1.23");
    }
}
