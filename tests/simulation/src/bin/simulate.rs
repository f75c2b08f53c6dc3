//! simulate
fn main() {
    let mut args = std::env::args().skip(1);
    let from: u64 = args.next().and_then(|a| a.parse().ok()).unwrap_or(0);
    let count: u64 = args.next().and_then(|a| a.parse().ok()).unwrap_or(1);
    let story = args.next().is_some();
    let mut coverage = kari_simulation::coverage::Coverage::default();
    let mut rules = std::collections::BTreeMap::<_, Vec<u64>>::new();
    for seed in from..from + count {
        let outcome = kari_simulation::simulation::run(seed, story);
        coverage.add(&outcome.coverage);
        for line in &outcome.story {
            println!("{line}");
        }
        if let Some(violation) = &outcome.violation {
            let seen = rules.entry(violation.rule).or_default();
            if seen.len() < 3 {
                println!("seed {seed}: {violation}");
            }
            seen.push(seed);
        }
        if count == 1 {
            println!("{} steps {}", outcome.steps, outcome.fingerprint);
        }
    }
    if count > 1 {
        println!("{}", coverage.table());
        for (r, s) in rules {
            println!("{:>5} {r}: {:?}", s.len(), &s[..s.len().min(10)]);
        }
    }
}
