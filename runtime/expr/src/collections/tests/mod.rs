//! Lists and objects: they give back what was put in, in order, whether short or long.

use indexmap::IndexMap;
use proptest::prelude::*;

use super::*;
use crate::str::Str;

/// Keys of one, two and three letters, and some that are too long to be stored inside a `Str`.
fn keys() -> impl Strategy<Value = Vec<String>> {
    let key = (0_u32..60).prop_map(|n| format!("{n}{}", "-".repeat((n % 3 * 9) as usize)));
    prop::collection::vec(key, 0..100)
}

proptest! {
    #[test]
    fn a_map_and_its_object_behave_like_an_index_map(keys in keys(), absent in "[a-z]{0,20}") {
        let mut expected = IndexMap::new();
        let mut map = Map::new();
        for (at, key) in keys.iter().enumerate() {
            let known = expected.insert(key.clone(), at);
            prop_assert_eq!(map.insert(Str::from(key.as_str()), at), known);
        }
        prop_assert_eq!(map.len(), expected.len());
        prop_assert_eq!(map.get(&absent), None);
        let object = Object::from(map);
        let again = Map::from(&object);
        for (key, value) in &expected {
            prop_assert_eq!(object.get(key), Some(value));
            prop_assert_eq!(again.get(key), Some(value));
        }
        prop_assert!(!object.contains_key(&absent));
        let entries: Vec<_> = object.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let expected: Vec<_> = expected.iter().map(|(key, value)| (key.as_str(), value)).collect();
        prop_assert_eq!(entries, expected);
    }
}

#[test]
fn lists_of_any_length_keep_their_elements() {
    for length in [0, 1, 1_023, 1_024, 5_000] {
        let elements: Vec<usize> = (0..length).collect();
        assert_eq!(&*List::new(elements.clone()), &elements);
        assert_eq!(&*List::of(elements.clone().into_iter()), &elements);
    }
}

#[test]
fn a_clone_is_the_same_list_or_object_in_memory() {
    let list = List::new(vec![1]);
    assert!(list.is_shared_with(&list.clone()));
    assert!(!list.is_shared_with(&List::new(vec![1])));
    let object: Object<i32> = Map::from_iter([(Str::from("a"), 1)]).into();
    assert!(object.is_shared_with(&object.clone()));
    assert!(!object.is_shared_with(&Map::from(&object).into()));
}
