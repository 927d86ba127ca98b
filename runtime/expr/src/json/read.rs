//! Reading values from JSON text, through serde.
//!
//! Enters: the parts that a deserializer finds. Leaves: a value that takes little more memory than
//! its text (bench: tests/benches/memory.rs). Must not know operators, or how JSON is written.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};

use super::{
    integers::too_wide,
    shapes::{Keyed, Place, Shapes},
};
use crate::{
    collections::LONG,
    str::Str,
    value::{List, Map, Object, Value},
};

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reader::default().deserialize(deserializer)
    }
}

/// What is kept from value to value while one text is read.
#[derive(Default)]
struct Reader {
    shapes: Shapes,
    /// The elements and values of all lists and objects that have begun but not ended, the
    /// innermost last. It saves each of them a `Vec` of its own that has to grow.
    pending: Vec<Value>,
}

impl Reader {
    /// Takes out the pending values from `start` on.
    fn take(&mut self, start: usize) -> std::vec::Drain<'_, Value> {
        self.pending.drain(start..)
    }

    /// Reads the rest of a long list. The elements from `start` on in `pending` are its beginning.
    fn long_list<'de, A: SeqAccess<'de>>(
        &mut self,
        start: usize,
        mut access: A,
    ) -> Result<Value, A::Error> {
        let mut items: Vec<Value> = self.take(start).collect();
        while let Some(item) = access.next_element_seed(&mut *self)? {
            items.push(item);
        }
        Ok(Value::list(items))
    }

    /// Reads the rest of an object that does not share its keys. `key` has been read; its value has
    /// not.
    fn lone_object<'de, A: MapAccess<'de>>(
        &mut self,
        (place, start): (Place, usize),
        key: Str,
        mut access: A,
    ) -> Result<Value, A::Error> {
        let keys = self.shapes.path(place);
        let mut entries: Map = keys.into_iter().zip(self.pending.drain(start..)).collect();
        entries.insert(key, access.next_value_seed(&mut *self)?);
        while let Some(key) = access.next_key_seed(Text)? {
            entries.insert(key, access.next_value_seed(&mut *self)?);
        }
        Ok(Value::object(entries))
    }
}

impl<'de> DeserializeSeed<'de> for &mut Reader {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value)
            .map(Value::Int)
            .map_err(|_| E::custom(too_wide(&value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let start = self.pending.len();
        while let Some(item) = access.next_element_seed(&mut *self)? {
            self.pending.push(item);
            // From here on the elements need a `Vec` of their own, which the list then keeps.
            if self.pending.len() - start == LONG {
                return self.long_list(start, access);
            }
        }
        if self.pending.len() == start {
            return Ok(Value::empty_list());
        }
        Ok(Value::List(List::of(self.take(start))))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let start = self.pending.len();
        let mut place = Place::default();
        while let Some(keyed) = access.next_key_seed(Key(&mut self.shapes, place))? {
            match keyed {
                Keyed::New(next) => {
                    let value = access.next_value_seed(&mut *self)?;
                    self.pending.push(value);
                    place = next;
                }
                Keyed::Again(at) => {
                    let value = access.next_value_seed(&mut *self)?;
                    if let Some(known) = self.pending.get_mut(start + at) {
                        *known = value;
                    }
                }
                Keyed::Alone(key) => return self.lone_object((place, start), key, access),
            }
        }
        if place == Place::default() {
            return Ok(Value::empty_object());
        }
        let keys = self.shapes.keys(place);
        Ok(Value::Object(Object::new(keys, self.take(start))))
    }
}

/// Reads one more key of an object. The place stands for the keys read before.
struct Key<'a>(&'a mut Shapes, Place);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Keyed;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Keyed, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Keyed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Keyed, E> {
        Ok(self.0.step(self.1, key))
    }
}

/// Reads a key without sharing it.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Str, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Text {
    type Value = Str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Str, E> {
        Ok(Str::from(key))
    }
}
