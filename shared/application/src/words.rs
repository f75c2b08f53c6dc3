//! Words to search for.

/// Words that must all occur, in any order, whatever their case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// The words of a text; none of them narrows nothing.
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase().split_whitespace().map(str::to_owned).collect())
    }

    /// Whether every word occurs in the text, which is not made where there are none.
    pub fn matches<T: AsRef<str>>(&self, text: impl FnOnce() -> T) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let text = text().as_ref().to_lowercase();
        self.0.iter().all(|word| text.contains(word.as_str()))
    }
}
