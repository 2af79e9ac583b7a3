//! Makes a failing plan small: leaves out steps as long as the same promise stays broken.

use crate::plan::Plan;
use crate::sabotage::Sabotage;
use crate::world::run;

/// The smallest plan that is found in which `rule` is broken too.
pub fn shrink(plan: &Plan, sabotage: Option<Sabotage>, rule: &str) -> Plan {
    let still = |plan: &Plan| run(plan, sabotage, false).violation.is_some_and(|violation| violation.rule == rule);
    let mut best = plan.clone();
    let alone = Plan { nodes: 1, ..best.clone() };
    if still(&alone) {
        best = alone;
    }
    let mut size = best.steps.len().div_ceil(2);
    while size > 0 {
        let mut from = 0;
        let mut smaller = false;
        while from < best.steps.len() {
            let mut fewer = best.clone();
            fewer.steps.drain(from..(from + size).min(best.steps.len()));
            if still(&fewer) {
                best = fewer;
                smaller = true;
            } else {
                from += size;
            }
        }
        if !smaller || size > 1 {
            size /= 2;
        }
    }
    best
}

/// A failing plan as a story that a person can follow.
pub fn story(plan: &Plan, sabotage: Option<Sabotage>) -> String {
    let report = run(plan, sabotage, true);
    let mut lines = vec![format!("seed {}, {} node(s), {} step(s):", plan.seed, plan.nodes, plan.steps.len())];
    lines.extend(plan.steps.iter().map(|step| format!("  {}", plan.words(step))));
    lines.push("what happened (** marks a step):".into());
    lines.extend(report.story.iter().map(|line| format!("  {line}")));
    if let Some(violation) = report.violation {
        lines.push(format!("broken is \"{}\": {}.", violation.rule, violation.what));
    }
    lines.join("\n")
}
