//! A short code for paper, on a form or a certificate: `7HKX-29PD`. Seven characters of chance and one that checks them, so that a slip of the
//! finger is told apart from a paper that isn't there. No vowels, which would make words, and nothing that looks like something else (0 and O, 1 and I).

use super::Chance;

/// 29 characters: a prime number, so that the check finds each single wrong character and each two that changed places.
const LETTERS: &[u8; 29] = b"23456789BCDFGHJKLMNPQRSTVWXYZ";
const LENGTH: usize = 8;

/// What was typed is no code: a character is wrong, missing or too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slip;

/// A new code. 29^7 of them: guessing one leads nowhere.
pub fn fresh(chance: &mut Chance) -> String {
    let mut values = [0; LENGTH];
    for value in &mut values[..LENGTH - 1] {
        *value = usize::try_from(chance.below(29)).unwrap_or(0);
    }
    // The last weight times the last value makes the sum a multiple of 29.
    let rest = sum(&values) % 29;
    values[LENGTH - 1] = (0..29).find(|v| (rest + v * LENGTH).is_multiple_of(29)).unwrap_or(0);
    written(&values)
}

/// The code as it is printed, from what somebody typed or a scanner sent: small letters, spaces and dashes are forgiven.
///
/// # Errors
/// [`Slip`] where it can't be a code.
pub fn read(typed: &str) -> Result<String, Slip> {
    let mut values = [0; LENGTH];
    let mut count = 0;
    for letter in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '_' | '.')) {
        let value = u8::try_from(letter.to_ascii_uppercase()).ok().and_then(|l| LETTERS.iter().position(|known| *known == l));
        *values.get_mut(count).ok_or(Slip)? = value.ok_or(Slip)?;
        count += 1;
    }
    if count == LENGTH && sum(&values).is_multiple_of(29) { Ok(written(&values)) } else { Err(Slip) }
}

fn sum(values: &[usize; LENGTH]) -> usize {
    (1..).zip(values).map(|(weight, value)| weight * value).sum()
}

fn written(values: &[usize; LENGTH]) -> String {
    let letters: String = values.iter().map(|value| char::from(LETTERS[*value])).collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_and_forgives_how_it_is_typed() {
        let mut chance = Chance::seeded(7);
        for _ in 0..200 {
            let code = fresh(&mut chance);
            assert_eq!(read(&code), Ok(code.clone()));
            assert_eq!(read(&format!(" {} ", code.to_lowercase().replace('-', " "))), Ok(code.clone()));
            assert!(code.len() == 9 && !code.contains(['0', 'O', '1', 'I', 'A', 'E', 'U']));
        }
    }

    #[test]
    fn one_wrong_character_or_two_that_changed_places_are_always_found() {
        let mut chance = Chance::seeded(8);
        for _ in 0..20 {
            let code: Vec<char> = fresh(&mut chance).replace('-', "").chars().collect();
            for at in 0..LENGTH {
                for letter in LETTERS.iter().map(|l| char::from(*l)).filter(|l| *l != code[at]) {
                    let mut wrong = code.clone();
                    wrong[at] = letter;
                    assert_eq!(read(&wrong.iter().collect::<String>()), Err(Slip));
                }
                for other in (0..LENGTH).filter(|other| code[*other] != code[at]) {
                    let mut wrong = code.clone();
                    wrong.swap(at, other);
                    assert_eq!(read(&wrong.iter().collect::<String>()), Err(Slip));
                }
            }
        }
    }

    #[test]
    fn too_short_too_long_and_foreign_letters_are_slips() {
        for typed in ["", "7HKX", "7HKX-29PDX", "7HKX-29P1", "ÑHKX-29PD", "https://x"] {
            assert_eq!(read(typed), Err(Slip), "{typed}");
        }
    }
}
