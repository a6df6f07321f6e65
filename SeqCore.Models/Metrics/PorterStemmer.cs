namespace SeqCore.Models;

/// <summary>
/// Removes the endings of English words (Porter, "An algorithm for suffix stripping", Program 14, 1980, pages 130 to 137), with
/// the corrections that NLTK makes by default, which ROUGE and METEOR use.
/// </summary>
public static class PorterStemmer
{
    private static readonly Dictionary<string, string> irregular = new(StringComparer.Ordinal)
    {
        ["sky"] = "sky", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["news"] = "news",
        ["innings"] = "inning", ["inning"] = "inning", ["outings"] = "outing", ["outing"] = "outing", ["cannings"] = "canning",
        ["canning"] = "canning", ["howe"] = "howe", ["proceed"] = "proceed", ["exceed"] = "exceed", ["succeed"] = "succeed",
    };

    private static readonly (string Suffix, string Replacement)[] doubleSuffixes =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
        ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"),
        ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"),
        ("biliti", "ble"), ("fulli", "ful"),
    ];

    private static readonly (string Suffix, string Replacement)[] thirdSuffixes =
    [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ];

    private static readonly string[] fourthSuffixes =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous",
        "ive", "ize",
    ];

    /// <summary>Returns the stem of a word, in lower case.</summary>
    public static string Stem(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        word = word.ToLowerInvariant();
        if (irregular.TryGetValue(word, out var stem))
            return stem;
        if (word.Length <= 2)
            return word;
        word = Plural(word);
        word = PastAndProgressive(word);
        if (word.EndsWith('y') && word.Length > 2 && IsConsonant(word, word.Length - 2))
            word = word[..^1] + "i";
        word = DoubleSuffix(word);
        word = Replaced(word, thirdSuffixes);
        word = FourthSuffix(word);
        return Final(word);
    }

    private static string Plural(string word) =>
        word.EndsWith("ies", StringComparison.Ordinal) ? word[..^(word.Length == 4 ? 1 : 2)]
        : word.EndsWith("sses", StringComparison.Ordinal) ? word[..^2]
        : word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1]
        : word;

    private static string PastAndProgressive(string word)
    {
        if (word.EndsWith("ied", StringComparison.Ordinal))
            return word[..^(word.Length == 4 ? 1 : 2)];
        if (word.EndsWith("eed", StringComparison.Ordinal))
            return Measure(word[..^3]) > 0 ? word[..^1] : word;
        var ending = word.EndsWith("ed", StringComparison.Ordinal) ? 2 : word.EndsWith("ing", StringComparison.Ordinal) ? 3 : 0;
        if (ending == 0 || !HasVowel(word[..^ending]))
            return word;
        var stem = word[..^ending];
        if (stem.EndsWith("at", StringComparison.Ordinal) || stem.EndsWith("bl", StringComparison.Ordinal)
            || stem.EndsWith("iz", StringComparison.Ordinal))
            return stem + "e";
        if (EndsInDoubleConsonant(stem))
            return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        return Measure(stem) == 1 && EndsInShortSyllable(stem) ? stem + "e" : stem;
    }

    private static string DoubleSuffix(string word)
    {
        if (word.EndsWith("alli", StringComparison.Ordinal) && Measure(word[..^4]) > 0)
            return DoubleSuffix(word[..^2]);
        var replaced = Replaced(word, doubleSuffixes, out var found);
        return !found && word.EndsWith("logi", StringComparison.Ordinal) && Measure(word[..^3]) > 0 ? word[..^1] : replaced;
    }

    private static string FourthSuffix(string word)
    {
        foreach (var suffix in fourthSuffixes)
        {
            if (!word.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            var stem = word[..^suffix.Length];
            return Measure(stem) > 1 && (suffix != "ion" || stem[^1] is 's' or 't') ? stem : word;
        }

        return word;
    }

    private static string Final(string word)
    {
        if (word.EndsWith('e'))
        {
            var stem = word[..^1];
            if (Measure(stem) > 1 || (Measure(stem) == 1 && !EndsInShortSyllable(stem)))
                word = stem;
        }

        return word.EndsWith("ll", StringComparison.Ordinal) && Measure(word[..^1]) > 1 ? word[..^1] : word;
    }

    private static string Replaced(string word, (string Suffix, string Replacement)[] rules) => Replaced(word, rules, out _);

    /// <summary>Applies the first rule whose suffix fits, if the stem before it has a positive measure.</summary>
    private static string Replaced(string word, (string Suffix, string Replacement)[] rules, out bool found)
    {
        found = false;
        foreach (var (suffix, replacement) in rules)
        {
            if (!word.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            found = true;
            var stem = word[..^suffix.Length];
            return Measure(stem) > 0 ? stem + replacement : word;
        }

        return word;
    }

    /// <summary>Returns the number of times that a consonant follows a vowel, Porter's m.</summary>
    private static int Measure(string stem)
    {
        var count = 0;
        for (var i = 1; i < stem.Length; i++)
            count += IsConsonant(stem, i) && !IsConsonant(stem, i - 1) ? 1 : 0;
        return count;
    }

    private static bool HasVowel(string stem) => Enumerable.Range(0, stem.Length).Any(i => !IsConsonant(stem, i));

    private static bool EndsInDoubleConsonant(string word) =>
        word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    private static bool EndsInShortSyllable(string word) => word.Length == 2
        ? !IsConsonant(word, 0) && IsConsonant(word, 1)
        : word.Length > 2 && IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2)
            && IsConsonant(word, word.Length - 1) && word[^1] is not ('w' or 'x' or 'y');

    private static bool IsConsonant(string word, int at)
    {
        if (word[at] is 'a' or 'e' or 'i' or 'o' or 'u')
            return false;
        if (word[at] != 'y')
            return true;

        // In a run of y, the first is a consonant at the beginning and a vowel after a consonant, and then they alternate.
        var first = at;
        while (first > 0 && word[first - 1] == 'y')
            first--;
        var isConsonant = first == 0 || word[first - 1] is 'a' or 'e' or 'i' or 'o' or 'u';
        return isConsonant == ((at - first) % 2 == 0);
    }
}
