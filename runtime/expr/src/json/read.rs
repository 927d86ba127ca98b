//! Reading values from JSON text, through serde.
//!
//! Enters: the parts that a deserializer finds. Leaves: a value that takes little more memory than
//! its text (bench: tests/benches/memory.rs); each part is charged. Must not know operators, or how
//! JSON is written.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};

use super::{
    place::place,
    prepare::{Prepared, prepared},
    shapes::{Keyed, Place, Shapes},
    small::{FEW, Small},
};
use crate::{
    collections::LONG,
    cx::{Cx, ENTRY_BYTES},
    error::EvalError,
    str::Str,
    value::{List, Map, Object, Value},
};

/// How many times the size of its text a value may take in memory, text and all. Usual JSON takes 3
/// times.
const TIMES: u64 = 15;
/// A small text may always take this much.
const ALWAYS: u64 = 1 << 20;
/// How many parts are read between two charges.
const BATCH: u64 = 64;
/// How many parts cost a step.
const PARTS: u64 = 4;
/// What a place of a list takes.
const PLACE: u64 = 16;
/// How many digits of an integer a message shows.
const SHOWN: usize = 40;

/// A value that was read, and what could not be kept as it was.
#[derive(Debug)]
pub struct Read {
    /// The value.
    pub value: Value,
    /// Where the first integer is that does not fit 64 bits, like `.trace.id`, and how many there
    /// are. They are kept as text.
    wide: Option<(String, usize)>,
}

impl Read {
    /// A warning that names what was kept as text, if anything was. `name` is what the whole value
    /// is called, like `body`.
    #[must_use]
    pub fn warning(&self, name: &str) -> Option<String> {
        let (place, count) = self.wide.as_ref()?;
        let others = match count {
            0 | 1 => String::new(),
            2 => ", and so is 1 other".to_owned(),
            more => format!(", and so are {} others", more - 1),
        };
        Some(format!(
            "the integer at `{name}{place}` does not fit 64 bits and is kept as text{others}"
        ))
    }
}

/// Reads JSON. Integers that do not fit 64 bits are kept as text.
pub(super) fn read(cx: Option<&Cx>, text: &[u8]) -> Result<Read, EvalError> {
    let prepared = prepared(cx, text)?;
    let value = parse(cx, text, &prepared)?;
    prepared.release(cx);
    let wide = prepared.wide;
    Ok(Read {
        value,
        wide: wide.map(|offset| (place(text, offset), prepared.count)),
    })
}

/// Reads JSON. An integer that does not fit 64 bits is an error.
pub(super) fn exact(cx: Option<&Cx>, text: &[u8]) -> Result<Value, EvalError> {
    let prepared = prepared(cx, text)?;
    let value = parse(cx, text, &prepared)?;
    prepared.release(cx);
    match prepared.wide {
        None => Ok(value),
        Some(offset) => Err(EvalError::value_error(too_wide(text, offset))),
    }
}

/// The error for the integer at an offset, which does not fit 64 bits.
fn too_wide(text: &[u8], offset: usize) -> String {
    let (before, rest) = text.split_at_checked(offset).unwrap_or((text, &[]));
    let number = rest
        .iter()
        .take_while(|byte| matches!(byte, b'-' | b'0'..=b'9'));
    let number: String = number.map(|byte| char::from(*byte)).collect();
    let shown: String = number.chars().take(SHOWN).collect();
    let more = if shown.len() < number.len() {
        "…"
    } else {
        ""
    };
    let line = before.split(|byte| *byte == b'\n').count();
    let own = before.iter().rev().take_while(|byte| **byte != b'\n');
    let column = own.count() + number.len();
    format!("the integer `{shown}{more}` does not fit 64 bits at line {line} column {column}")
}

/// Reads a text that is prepared. Messages have the positions of the text as it was.
fn parse(cx: Option<&Cx>, text: &[u8], prepared: &Prepared<'_>) -> Result<Value, EvalError> {
    let mut reader = Reader {
        cx,
        room: (text.len() as u64 * TIMES).max(ALWAYS),
        ..Reader::default()
    };
    let mut source = serde_json::Deserializer::from_slice(&prepared.text);
    let value = reader.deserialize(&mut source);
    let value = value.and_then(|value| source.end().map(|()| value));
    let settled = reader.settle();
    match value {
        Ok(value) => settled.map(|()| value),
        Err(error) => Err(reader.refusal.unwrap_or_else(|| {
            let error = match prepared.count {
                0 => error,
                // Quotes have moved what follows them.
                _ => serde_json::from_slice::<de::IgnoredAny>(text)
                    .err()
                    .unwrap_or(error),
            };
            EvalError::value_error(message(&error))
        })),
    }
}

/// What the reader says, in our words where it needs some.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.replace(
        "recursion limit exceeded",
        "it is nested deeper than 127 levels",
    )
    .replace("number out of range", "a number is too large for a float")
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut reader = Reader {
            room: u64::MAX,
            ..Reader::default()
        };
        reader.deserialize(deserializer)
    }
}

/// What is kept from value to value while one text is read.
#[derive(Default)]
struct Reader<'c> {
    /// `None` when the caller reads without a budget.
    cx: Option<&'c Cx>,
    shapes: Shapes,
    small: Small,
    /// The elements and values of all lists and objects that have begun but not ended, the
    /// innermost last. It saves each of them a `Vec` of its own that has to grow.
    pending: Vec<Value>,
    /// How many bytes the values may take.
    room: u64,
    /// How many they take.
    held: u64,
    /// How many of these have been charged.
    charged: u64,
    /// How many parts have been read since the last charge.
    parts: u64,
    /// Why reading must stop.
    refusal: Option<EvalError>,
}

/// What an allocator takes for so many bytes.
fn block(bytes: usize) -> u64 {
    (bytes as u64 + 8).next_multiple_of(16).max(32)
}

/// What a list or object of so many elements takes.
fn compound(count: usize) -> u64 {
    block(24 + 16 * count)
}

/// What a text takes outside its value.
fn text_size(length: usize) -> u64 {
    if length > 16 { block(16 + length) } else { 0 }
}

/// What so many keys take that an object does not share.
fn keys_size(count: usize) -> u64 {
    let index = if count > 8 {
        120 + 12 * count as u64
    } else {
        0
    };
    compound(count) + index
}

impl Reader<'_> {
    /// Notes a part that takes so many bytes outside its list or object.
    fn part<E: de::Error>(&mut self, bytes: u64) -> Result<(), E> {
        self.parts += 1 + bytes / 64;
        self.held += bytes;
        if self.parts < BATCH {
            return Ok(());
        }
        self.settle().map_err(|refusal| self.refused(refusal))
    }

    /// Charges what was read since the last time.
    fn settle(&mut self) -> Result<(), EvalError> {
        if self.held > self.room {
            return Err(EvalError::limit(format!(
                "JSON of so many small parts would take more than {} times its size in memory",
                TIMES + 1
            )));
        }
        let parts = std::mem::take(&mut self.parts);
        let bytes = self.held - std::mem::replace(&mut self.charged, self.held);
        let Some(cx) = self.cx else {
            return Ok(());
        };
        cx.charge(parts.div_ceil(PARTS))?;
        cx.allocate(bytes)
    }

    /// Notes that something is moved from a place of so many bytes, which is held meanwhile.
    fn moved<E: de::Error>(&mut self, bytes: u64) -> Result<(), E> {
        let Some(cx) = self.cx else {
            return Ok(());
        };
        let room = self.settle().and_then(|()| cx.beside(bytes));
        room.map_err(|refusal| self.refused(refusal))
    }

    fn refused<E: de::Error>(&mut self, refusal: EvalError) -> E {
        self.refusal = Some(refusal);
        E::custom("refused")
    }

    /// Gives back so many bytes, which nothing takes after all.
    fn give_back(&mut self, bytes: u64) {
        self.held -= bytes;
        let early = self.charged.saturating_sub(self.held);
        self.charged -= early;
        if let Some(cx) = self.cx {
            cx.release(early);
        }
    }

    /// Takes out the pending values from `start` on.
    fn take(&mut self, start: usize) -> std::vec::Drain<'_, Value> {
        self.pending.drain(start..)
    }

    /// A list of the pending values from `start` on.
    fn list<E: de::Error>(&mut self, start: usize) -> Result<Value, E> {
        let items = self.pending.get(start..).unwrap_or_default();
        let count = items.len();
        if count > FEW {
            self.part(compound(count))?;
            return Ok(Value::List(List::of(self.take(start))));
        }
        let hash = match self.small.find(items) {
            Ok(known) => {
                self.pending.truncate(start);
                self.part(0)?;
                return Ok(known);
            }
            Err(hash) => hash,
        };
        self.part(compound(count))?;
        let list = List::of(self.take(start));
        self.small.put(hash, &list);
        Ok(Value::List(list))
    }

    /// Reads the rest of a long list. The elements from `start` on in `pending` are its beginning.
    fn long_list<'de, A: SeqAccess<'de>>(
        &mut self,
        start: usize,
        mut access: A,
    ) -> Result<Value, A::Error> {
        let mut items: Vec<Value> = self.take(start).collect();
        let mut room = items.len();
        self.held += PLACE * room as u64;
        while let Some(item) = access.next_element_seed(&mut *self)? {
            if items.len() == room {
                // A `Vec` would double its room, which is often too much.
                room += room / 2;
                self.part(PLACE * (room - items.len()) as u64)?;
                self.moved(PLACE * items.len() as u64)?;
                items.reserve_exact(room - items.len());
            }
            items.push(item);
            self.part(0)?;
        }
        self.moved(PLACE * items.len() as u64)?;
        self.give_back(PLACE * (room - items.len()) as u64);
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
        let mut room = entries.len();
        self.held += ENTRY_BYTES * room as u64;
        let mut key = Some(key);
        while let Some(next) = key {
            if entries.len() == room {
                room += (room / 2).max(1);
                self.part(ENTRY_BYTES * (room - entries.len()) as u64)?;
                self.moved(ENTRY_BYTES * entries.len() as u64)?;
                entries.reserve_exact(room - entries.len());
            }
            self.part(text_size(next.len()))?;
            entries.insert(next, access.next_value_seed(&mut *self)?);
            key = access.next_key_seed(Text)?;
        }
        let kept = compound(entries.len()) + keys_size(entries.len());
        self.moved(kept)?;
        self.give_back((ENTRY_BYTES * room as u64).saturating_sub(kept));
        Ok(Value::object(entries))
    }
}

impl<'de> DeserializeSeed<'de> for &mut Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        self.part(0)?;
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        self.part(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        self.part(0)?;
        Ok(Value::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        self.part(0)?;
        // Wide integers of a text are quoted before it is read.
        let number = i64::try_from(value);
        Ok(number.map_or_else(|_| Value::from(value.to_string()), Value::Int))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        self.part(0)?;
        Ok(Value::from(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.part(text_size(value.len()))?;
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
            self.part(0)?;
            return Ok(Value::empty_list());
        }
        self.list(start)
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
            self.part(0)?;
            return Ok(Value::empty_object());
        }
        let (keys, new) = self.shapes.keys(place);
        let count = keys.as_slice().len();
        let own = if new { keys_size(count) } else { 0 };
        self.part(compound(count) + own)?;
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
