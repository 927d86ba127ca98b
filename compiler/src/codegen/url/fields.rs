//! The fields of the text of a `.format` call.
//!
//! Enters: the text. Leaves: its literal pieces and its fields. Must not know the arguments.

/// The text (`Ok`) and the fields (`Err`, each with its number or name) of a format text. `None` if
/// it is wrong, or if a field has fields of its own.
pub(super) fn of(template: &str) -> Option<Vec<Result<String, String>>> {
    let mut all = Vec::new();
    let mut text = String::new();
    let mut next = 0;
    let mut characters = template.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '{' | '}' if characters.peek() == Some(&character) => {
                characters.next();
                text.push(character);
            }
            '{' => {
                all.push(Ok(std::mem::take(&mut text)));
                let mut field = String::new();
                loop {
                    match characters.next()? {
                        '}' => break,
                        '{' => return None,
                        other => field.push(other),
                    }
                }
                if field.is_empty() || field.starts_with(['.', '[', '!', ':']) {
                    field = format!("{next}{field}");
                    next += 1;
                }
                all.push(Err(field));
            }
            '}' => return None,
            other => text.push(other),
        }
    }
    all.push(Ok(text));
    all.retain(|piece| !matches!(piece, Ok(text) if text.is_empty()));
    Some(all)
}
