//! Cycles in a graph, each with its whole path.
//!
//! Enters: edges between vertices of any type: stages, or starts and ends of stages. Leaves: one
//! cycle for each set of vertices that can all reach each other. The only file that uses petgraph,
//! which finds those sets (strongly connected components). Must not know stages.

use std::collections::{HashMap, HashSet, VecDeque};

use petgraph::{
    algo::kosaraju_scc,
    graph::{DiGraph, NodeIndex},
};

/// A vertex: what edges connect.
pub trait Vertex: Copy + Ord + std::hash::Hash {}

impl<T: Copy + Ord + std::hash::Hash> Vertex for T {}

/// For each set of vertices that reach each other over `edges` (from, to), the shortest cycle
/// through the first of them, starting there. A vertex with an edge to itself only is not a cycle.
/// Sorted.
#[must_use]
pub fn cycles<T: Vertex>(edges: &[(T, T)]) -> Vec<Vec<T>> {
    let mut graph: DiGraph<T, ()> = DiGraph::new();
    let mut nodes: HashMap<T, NodeIndex> = HashMap::new();
    for &(from, to) in edges {
        let [from, to] = [from, to].map(|node| {
            let known = nodes.entry(node);
            *known.or_insert_with(|| graph.add_node(node))
        });
        graph.add_edge(from, to, ());
    }
    let mut next: HashMap<T, Vec<T>> = HashMap::new();
    for &(from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    next.values_mut().for_each(|nodes| nodes.sort_unstable());
    let mut cycles: Vec<Vec<T>> = kosaraju_scc(&graph)
        .into_iter()
        .filter(|component| component.len() > 1)
        .filter_map(|component| {
            let members = component.iter().filter_map(|&node| graph.node_weight(node));
            shortest_cycle(&members.copied().collect(), &next)
        })
        .collect();
    cycles.sort_unstable();
    cycles
}

/// The shortest path from the first member back to itself. `next` gives the vertices that edges
/// lead to from each vertex, sorted.
fn shortest_cycle<T: Vertex>(members: &HashSet<T>, next: &HashMap<T, Vec<T>>) -> Option<Vec<T>> {
    let start = *members.iter().min()?;
    // For each vertex, the vertex from which it was first reached.
    let mut from: HashMap<T, T> = HashMap::new();
    let mut todo = VecDeque::from([start]);
    while let Some(at) = todo.pop_front() {
        let nodes = next.get(&at).into_iter().flatten();
        for &to in nodes.filter(|to| members.contains(to)) {
            if to == start {
                return Some(path(&from, start, at));
            }
            if let std::collections::hash_map::Entry::Vacant(first) = from.entry(to) {
                first.insert(at);
                todo.push_back(to);
            }
        }
    }
    None
}

fn path<T: Vertex>(from: &HashMap<T, T>, start: T, end: T) -> Vec<T> {
    let mut path = vec![end];
    let mut at = end;
    while at != start {
        let Some(&before) = from.get(&at) else { break };
        path.push(before);
        at = before;
    }
    path.reverse();
    path
}
