//! An indication of how hard a text is to read, as a US school grade. A hint, never a verdict: it counts words, sentences and
//! syllables, and knows nothing of sense.
//!
//! English: Flesch-Kincaid grade (Kincaid and others, 1975). Spanish: the ease of Fernández Huerta (1959), brought to the grade
//! that the same band of Flesch's ease stands for.

/// The grade of a Markdown text; `None` for languages without a measure here and for texts of fewer than 30 words.
pub fn grade(language: &str, markdown: &str) -> Option<f64> {
    let spanish = match language.split(['-', '_']).next()? {
        "en" => false,
        "es" => true,
        _ => return None,
    };
    let (mut words, mut sentences, mut syllables) = (0_u32, 0_u32, 0_u32);
    for block in blocks(markdown) {
        let mut open = false;
        for token in block.split_whitespace() {
            let word: String = token.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
            if !word.is_empty() {
                words += 1;
                syllables += if spanish { spanish_syllables(&word) } else { english_syllables(&word) };
                open = true;
            }
            if open && token.trim_end_matches(['"', '”', '»', ')', '*', '_']).ends_with(['.', '!', '?', '…']) {
                sentences += 1;
                open = false;
            }
        }
        sentences += u32::from(open);
    }
    if words < 30 || sentences == 0 {
        return None;
    }
    let per_sentence = f64::from(words) / f64::from(sentences);
    let per_word = f64::from(syllables) / f64::from(words);
    let grade =
        if spanish { grade_of_ease(206.84 - 60.0 * per_word - 1.02 * per_sentence) } else { 0.39 * per_sentence + 11.8 * per_word - 15.59 };
    Some((grade.max(0.0) * 10.0).round() / 10.0)
}

/// The lowest grade that the Spanish measure can tell: its easiest band, "very easy", reaches up to it.
const EASIEST_SPANISH: f64 = 5.0;

/// The grade under which a text of that language should stay where one of `ceiling` is wanted. Spanish words have more syllables, and the
/// Spanish scale ends with "very easy": a text for younger readers is held to that band.
pub fn ceiling(language: &str, ceiling: f64) -> f64 {
    if language.starts_with("es") { ceiling.max(EASIEST_SPANISH) } else { ceiling }
}

/// Paragraphs and list items, without their marks: each ends a sentence. Lines of one paragraph belong together.
fn blocks(markdown: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in markdown.lines() {
        let line = line.trim();
        let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).or_else(|| {
            line.split_once(". ").filter(|(n, _)| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit())).map(|(_, rest)| rest)
        });
        if line.is_empty() || item.is_some() {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut() {
            block.push_str(item.unwrap_or(line));
            block.push(' ');
        }
    }
    blocks
}

fn english_syllables(word: &str) -> u32 {
    let letters: Vec<char> = word.chars().collect();
    let vowel = |c: char| "aeiouyáéíóúü".contains(c);
    let mut count = 0;
    let mut after_vowel = false;
    for (n, c) in letters.iter().enumerate() {
        let is = vowel(*c) && !(n == 0 && *c == 'y');
        count += u32::from(is && !after_vowel);
        after_vowel = is;
    }
    let ends = |tail: &str| word.ends_with(tail);
    // A last "e" is silent, but for "-le" after a consonant (table); "-ed" is heard after t and d alone; "-es" after a hiss.
    let heard_le = ends("le") && letters.len() > 2 && !vowel(letters[letters.len() - 3]);
    let silent_e = ends("e") && !heard_le && !ends("ee");
    let silent_ed = ends("ed") && !ends("ted") && !ends("ded") && !ends("eed");
    let silent_plural = ends("es") && !["ses", "zes", "ches", "shes", "xes", "ces", "ges", "ies", "ees"].iter().any(|t| ends(t));
    if silent_e || silent_ed || silent_plural {
        count = count.saturating_sub(1);
    }
    count.max(1)
}

/// Spanish syllables: vowel groups, where two strong vowels, or a weak one with an accent beside a strong one, part.
fn spanish_syllables(word: &str) -> u32 {
    let word = word.replace("que", "ke").replace("qui", "ki").replace("gue", "ge").replace("gui", "gi");
    let letters: Vec<char> = word.chars().collect();
    let strong = |c: char| "aeoáéóíú".contains(c);
    let vowel = |c: char| strong(c) || "iuü".contains(c);
    let mut count = 0;
    for (n, c) in letters.iter().enumerate() {
        let c = if *c == 'y' && n + 1 == letters.len() { 'i' } else { *c };
        let before = n.checked_sub(1).map(|p| letters[p]).filter(|b| vowel(*b));
        count += match before {
            _ if !vowel(c) => 0,
            None => 1,
            Some(b) => u32::from(strong(b) && strong(c)),
        };
    }
    count.max(1)
}

/// Flesch's bands of ease and the grades that they stand for, joined by straight lines.
fn grade_of_ease(ease: f64) -> f64 {
    const BANDS: [(f64, f64); 8] =
        [(140.0, 0.0), (100.0, 4.0), (90.0, 5.0), (80.0, 6.0), (70.0, 7.0), (60.0, 9.0), (50.0, 12.0), (0.0, 18.0)];
    let ease = ease.clamp(0.0, 140.0);
    BANDS
        .windows(2)
        .find(|pair| ease >= pair[1].0)
        .map_or(18.0, |pair| pair[1].1 + (ease - pair[1].0) / (pair[0].0 - pair[1].0) * (pair[0].1 - pair[1].1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_counted_as_they_are_heard() {
        for (word, heard) in [("table", 2), ("policy", 3), ("shared", 1), ("wanted", 2), ("rules", 1), ("the", 1), ("agree", 2)] {
            assert_eq!(english_syllables(word), heard, "{word}");
        }
        for (word, heard) in [("política", 4), ("escuela", 3), ("leer", 2), ("aquí", 2), ("día", 2), ("ley", 1), ("tecnología", 5)] {
            assert_eq!(spanish_syllables(word), heard, "{word}");
        }
    }

    #[test]
    fn plain_words_read_easier_than_heavy_ones() {
        let plain = "I am kind. I ask for help. ".repeat(10);
        let heavy = "Notwithstanding institutional responsibilities, administrators periodically communicate comprehensive requirements. "
            .repeat(5);
        assert!(grade("en", &plain).unwrap() < 2.0);
        assert!(grade("en", &heavy).unwrap() > 15.0);
        let facil = "Soy amable. Pido ayuda. Yo leo. ".repeat(10);
        let pesado =
            "Independientemente de las responsabilidades institucionales, los administradores comunican periódicamente requerimientos \
                      extraordinariamente complejos. "
                .repeat(4);
        assert!(grade("es", &facil).unwrap() < grade("es", &pesado).unwrap() - 5.0);
        assert_eq!(grade("ar", &plain), None);
    }
}
