//! Tests of `rows`.

use super::*;

fn rows(count: usize, pairs: &[(usize, char)]) -> Vec<String> {
    let rows = Rows::new(count, pairs.iter().copied());
    (0..count + 2)
        .map(|row| rows.row(row).iter().collect())
        .collect()
}

#[test]
fn each_list_holds_its_items_in_their_order() {
    let pairs = [(2, 'a'), (0, 'b'), (2, 'c'), (0, 'd'), (3, 'e')];
    assert_eq!(rows(4, &pairs), ["bd", "", "ac", "e", "", ""]);
}

#[test]
fn what_belongs_to_no_list_is_left_out() {
    assert_eq!(rows(2, &[(7, 'a'), (1, 'b'), (2, 'c')]), ["", "b", "", ""]);
    assert_eq!(rows(0, &[(0, 'a')]), ["", ""]);
}
