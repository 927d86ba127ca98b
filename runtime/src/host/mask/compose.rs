//! Letters with marks, in one character and in several.
//!
//! Enters: a text. Leaves: the text with its marks apart, as file systems and some servers write it,
//! or with its marks joined to their letters. Knows the usual letters of European languages, of
//! Vietnamese, Japanese and Korean. Must not know secrets.

/// Marks, and for each the letters that take it: a letter, then the letter with the mark.
const MARKS: &[(char, &str)] = &[
    (
        '\u{300}',
        "AÀEÈIÌOÒUÙaàeèiìoòuùNǸnǹWẀwẁYỲyỳÂẦâầÊỀêềÔỒôồƠỜơờƯỪưừĂẰăằ",
    ),
    (
        '\u{301}',
        "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćGǴgǵKḰkḱLĹlĺMḾmḿNŃnńPṔpṕRŔrŕSŚsśWẂwẃZŹzźÂẤâấÊẾêếÔỐôốƠỚơớƯỨưứ\
         ĂẮăắΑΆΕΈΗΉΙΊΟΌΥΎΩΏαάεέηήιίοόυύωώГЃКЌгѓкќ",
    ),
    (
        '\u{302}',
        "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ",
    ),
    (
        '\u{303}',
        "AÃNÑOÕaãnñoõEẼeẽIĨiĩUŨuũYỸyỹVṼvṽÂẪâẫÊỄêễÔỖôỗƠỠơỡƯỮưữĂẴăẵ",
    ),
    ('\u{304}', "AĀaāEĒeēIĪiīOŌoōUŪuūGḠgḡYȲyȳ"),
    ('\u{306}', "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭẠẶạặИЙийУЎуў"),
    (
        '\u{307}',
        "AȦaȧBḂbḃCĊcċDḊdḋEĖeėFḞfḟGĠgġIİMṀmṁNṄnṅOȮoȯPṖpṗRṘrṙSṠsṡTṪtṫZŻzż",
    ),
    (
        '\u{308}',
        "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸHḦhḧWẄwẅXẌxẍtẗΙΪΥΫιϊυϋЕЁеёІЇії",
    ),
    (
        '\u{309}',
        "AẢaảEẺeẻIỈiỉOỎoỏUỦuủYỶyỷÂẨâẩÊỂêểÔỔôổƠỞơởƯỬưửĂẲăẳ",
    ),
    ('\u{30A}', "AÅaåUŮuůwẘyẙ"),
    ('\u{30B}', "OŐoőUŰuű"),
    (
        '\u{30C}',
        "AǍaǎCČcčDĎdďEĚeěGǦgǧIǏiǐKǨkǩLĽlľNŇnňOǑoǒRŘrřSŠsšTŤtťUǓuǔZŽzž",
    ),
    ('\u{31B}', "OƠoơUƯuư"),
    (
        '\u{323}',
        "AẠaạEẸeẹIỊiịOỌoọUỤuụYỴyỵDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭZẒzẓƠỢơợƯỰưự",
    ),
    ('\u{326}', "SȘsșTȚtț"),
    ('\u{327}', "CÇcçGĢKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţ"),
    ('\u{328}', "AĄaąEĘeęIĮiįOǪoǫUŲuų"),
    (
        '\u{3099}',
        "かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔ\
         カガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴ",
    ),
    ('\u{309A}', "はぱひぴふぷへぺほぽハパヒピフプヘペホポ"),
];

/// The first syllable of Korean, and how many there are for each first letter and each vowel.
const SYLLABLES: u32 = 0xAC00;
const OF_FIRST: u32 = 21 * OF_VOWEL;
const OF_VOWEL: u32 = 28;

/// The text with each mark apart from its letter.
pub(super) fn apart(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        push_apart(&mut out, char);
    }
    out
}

fn push_apart(out: &mut String, char: char) {
    if char.is_ascii() {
        out.push(char);
        return;
    }
    if let Some((letter, mark)) =
        pairs().find_map(|(letter, mark, both)| (both == char).then_some((letter, mark)))
    {
        push_apart(out, letter);
        out.push(mark);
        return;
    }
    let syllable = u32::from(char).wrapping_sub(SYLLABLES);
    if syllable >= 19 * OF_FIRST {
        out.push(char);
        return;
    }
    let last = syllable % OF_VOWEL;
    out.extend(char::from_u32(0x1100 + syllable / OF_FIRST));
    out.extend(char::from_u32(0x1161 + syllable % OF_FIRST / OF_VOWEL));
    out.extend(char::from_u32(0x11A7 + last).filter(|_| last > 0));
}

/// The text with each mark joined to the letter before it.
pub(super) fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        let joined = out
            .chars()
            .next_back()
            .and_then(|before| join(before, char));
        if let Some(both) = joined {
            out.pop();
            out.push(both);
        } else {
            out.push(char);
        }
    }
    out
}

fn join(before: char, char: char) -> Option<char> {
    // No mark is ASCII.
    if char.is_ascii() {
        return None;
    }
    let pair = pairs().find(|(letter, mark, _)| *letter == before && *mark == char);
    if let Some((_, _, both)) = pair {
        return Some(both);
    }
    let (first, second) = (u32::from(before), u32::from(char));
    match (first, second) {
        (0x1100..=0x1112, 0x1161..=0x1175) => {
            char::from_u32(SYLLABLES + (first - 0x1100) * OF_FIRST + (second - 0x1161) * OF_VOWEL)
        }
        (SYLLABLES..=0xD7A3, 0x11A8..=0x11C2) if (first - SYLLABLES).is_multiple_of(OF_VOWEL) => {
            char::from_u32(first + second - 0x11A7)
        }
        _ => None,
    }
}

/// Letter, mark, and both in one.
fn pairs() -> impl Iterator<Item = (char, char, char)> {
    MARKS.iter().flat_map(|(mark, letters)| {
        let ones = letters.chars().step_by(2);
        let both = letters.chars().skip(1).step_by(2);
        ones.zip(both).map(|(letter, both)| (letter, *mark, both))
    })
}
