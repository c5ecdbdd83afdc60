//! Types that lead to each other in circles.

use std::collections::{BTreeMap, HashMap};

/// Parts a graph into groups: two names are in one group where each leads to the other (Tarjan's
/// strongly connected components). Groups come after those that they lead to. Names that are only led to
/// are left out.
pub(crate) fn groups(edges: &BTreeMap<&str, Vec<String>>) -> Vec<Vec<String>> {
    let mut search = Search {
        edges,
        numbers: HashMap::new(),
        stack: Vec::new(),
        groups: Vec::new(),
    };
    for name in edges.keys() {
        search.visit(name);
    }
    search.groups
}

/// What is known of a name: when it was found, the first name on the stack that it leads back to, and
/// whether it is in no group yet.
struct Found {
    index: usize,
    lowest: usize,
    is_open: bool,
}

struct Search<'e> {
    edges: &'e BTreeMap<&'e str, Vec<String>>,
    numbers: HashMap<&'e str, Found>,
    stack: Vec<&'e str>,
    groups: Vec<Vec<String>>,
}

impl<'e> Search<'e> {
    /// Without recursion: a chain can be as long as the document.
    fn visit(&mut self, start: &'e str) {
        let mut path: Vec<(&'e str, std::slice::Iter<'e, String>)> = Vec::new();
        let mut next = Some(start);
        loop {
            if let Some(name) = next.take()
                && !self.numbers.contains_key(name)
                && let Some(edges) = self.edges.get(name)
            {
                let index = self.numbers.len();
                let found = Found {
                    index,
                    lowest: index,
                    is_open: true,
                };
                self.numbers.insert(name, found);
                self.stack.push(name);
                path.push((name, edges.iter()));
            }
            let Some((name, edges)) = path.last_mut() else {
                return;
            };
            if let Some(edge) = edges.next() {
                match self.numbers.get(edge.as_str()) {
                    Some(found) if found.is_open => {
                        let index = found.index;
                        self.lower(name, index);
                    }
                    Some(_) => {}
                    None => next = Some(edge),
                }
                continue;
            }
            let done = *name;
            path.pop();
            let Some(found) = self.numbers.get(done) else {
                continue;
            };
            let lowest = found.lowest;
            if lowest == found.index {
                self.close(done);
            } else if let Some((above, _)) = path.last() {
                self.lower(above, lowest);
            }
        }
    }

    fn lower(&mut self, name: &'e str, to: usize) {
        if let Some(found) = self.numbers.get_mut(name) {
            found.lowest = found.lowest.min(to);
        }
    }

    /// Makes a group of a name and of everything above it on the stack.
    fn close(&mut self, name: &'e str) {
        let start = self.stack.iter().rposition(|open| *open == name);
        let group = self.stack.split_off(start.unwrap_or_default());
        for name in &group {
            if let Some(found) = self.numbers.get_mut(name) {
                found.is_open = false;
            }
        }
        self.groups
            .push(group.into_iter().map(str::to_owned).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_each_other_is_one_group() {
        let edges = [
            ("a", ["b", "x"].as_slice()),
            ("b", &["c", "d"]),
            ("c", &["b"]),
            ("d", &["d", "nowhere"]),
            ("x", &["y"]),
            ("y", &["z"]),
            ("z", &["x", "d"]),
        ];
        let owned = |(name, to): (_, &[&str])| {
            let to: Vec<String> = to.iter().map(|to| (*to).to_owned()).collect();
            (name, to)
        };
        let edges: BTreeMap<&str, Vec<String>> = edges.into_iter().map(owned).collect();
        let mut found = groups(&edges);
        for group in &mut found {
            group.sort();
        }
        assert_eq!(
            found,
            [vec!["d"], vec!["b", "c"], vec!["x", "y", "z"], vec!["a"]]
        );
    }

    #[test]
    fn a_long_circle_is_one_group() {
        let names: Vec<String> = (0..100_000).map(|number| number.to_string()).collect();
        let next = |index: usize| vec![names[(index + 1) % names.len()].clone()];
        let edges = names.iter().enumerate();
        let edges: BTreeMap<&str, Vec<String>> = edges
            .map(|(index, name)| (name.as_str(), next(index)))
            .collect();
        assert_eq!(groups(&edges).len(), 1);
    }
}
