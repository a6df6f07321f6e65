// Lesson 4: tokens. How byte-pair encoding learns, and what a text looks like in characters, pairs of bytes and words.
// Run it with: dotnet run docs/lessons/04-tokens.cs
// Chapter 15 of the book, docs/book/15-tokens.md, explains it.
#:project ../../SeqCore.Models

using System.Runtime.CompilerServices;
using System.Text;
using SeqCore;
using SeqCore.Models;

// Byte-pair encoding in a few lines: each word is a list of symbols, and the most frequent pair of neighbours becomes one symbol.
List<(List<string> Symbols, int Count)> words =
    [(Letters("low"), 5), (Letters("lower"), 2), (Letters("newest"), 6), (Letters("widest"), 3)];
List<(string Left, string Right)> merges = [];
for (var step = 0; step < 8; step++)
{
    var ((left, right), count) = MostFrequentPair(words);
    merges.Add((left, right));
    foreach (var (symbols, _) in words)
        Merge(symbols, left, right);
    var now = string.Join(", ", words.Select(w => Joined(w.Symbols)));
    Console.WriteLine($"merge {step + 1}: {left} + {right} ({count} times): {now}");
}

// A word that was not in the text is cut by the same merges, in the order in which they were learned.
var lowest = Letters("lowest");
foreach (var (left, right) in merges)
    Merge(lowest, left, right);
Console.WriteLine($"lowest: {Joined(lowest)}");

// The log of a harbour, cut in several ways. The first nine tenths are for learning the vocabularies, the rest is only cut.
string[] lines = File.ReadAllLines(Path.Combine(FolderOf(), "harbour.txt"));
string[] training = lines[..(9 * lines.Length / 10)], rest = lines[training.Length..];
(string Name, Tokenizer Tokenizer)[] ways =
[
    ("characters", new MarkedCharacterTokenizer(string.Join('\n', training))),
    ("bytes", BytePairTokenizer.Train(training, vocabularySize: 256)),
    ("50 merges", BytePairTokenizer.Train(training, vocabularySize: 256 + 50)),
    ("250 merges", BytePairTokenizer.Train(training, vocabularySize: 256 + 250)),
    ("words", new WordTokenizer(training, isLowercase: false)),
];
Console.WriteLine("            vocabulary  tokens of the rest  unknown");
foreach (var (name, tokenizer) in ways)
{
    int[] tokens = [.. rest.SelectMany(tokenizer.Encode)];
    var unknown = tokens.Count(t => t == tokenizer.Special.Unknown);
    Console.WriteLine($"{name,-12}{tokenizer.Count,10}{tokens.Length,20}{unknown,9}");
}

// One sentence in each way; bars stand between the tokens, and a word that has no token is in brackets.
foreach (var (name, tokenizer) in ways.Where(w => w.Name != "bytes"))
    Console.WriteLine($"{name}: {Cut(tokenizer, "The yawl Zoë left for Quebec.")}");

// A token of pairs of bytes may be half a character, so a program that shows tokens as they come has to wait for the rest.
var pairs = ways[3].Tokenizer;
var decoder = pairs.NewDecoder();
foreach (var token in pairs.Encode("Zoë"))
    Console.WriteLine($"token {token}: alone '{pairs.Decode([token])}', after those before '{decoder.Append(token)}'");

static List<string> Letters(string word) => [.. word.Select(c => c.ToString())];

static string Joined(List<string> symbols) => string.Join('·', symbols);

// Of equally frequent pairs the one that comes first in the alphabet is taken, so that the result is always the same.
static ((string Left, string Right) Pair, int Count) MostFrequentPair(List<(List<string> Symbols, int Count)> words)
{
    var counts = new Dictionary<(string Left, string Right), int>();
    foreach (var (symbols, count) in words)
    {
        foreach (var pair in symbols.Zip(symbols.Skip(1)))
            counts[pair] = counts.GetValueOrDefault(pair) + count;
    }

    var (best, most) = counts.OrderByDescending(p => p.Value).ThenBy(p => p.Key.Item1, StringComparer.Ordinal)
        .ThenBy(p => p.Key.Item2, StringComparer.Ordinal).First();
    return (best, most);
}

static void Merge(List<string> symbols, string left, string right)
{
    for (var i = 0; i < symbols.Count - 1; i++)
    {
        if (symbols[i] == left && symbols[i + 1] == right)
        {
            symbols[i] += right;
            symbols.RemoveAt(i + 1);
        }
    }
}

static string Cut(Tokenizer tokenizer, string text)
{
    var cut = tokenizer.EncodeWithOffsets(text);
    return string.Join('|', cut.Tokens.Zip(cut.Ranges,
        (token, range) => token == tokenizer.Special.Unknown ? $"[{text[range]}]" : text[range]));
}

static string FolderOf([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
