// Lesson 7: scores. BLEU by hand, and what BLEU, chrF, ROUGE and METEOR say of the same translations.
// Run it with: dotnet run docs/lessons/07-scores.cs
// Chapter 18 of the book, docs/book/18-scores.md, explains it.
#:project ../../SeqCore.Models

using SeqCore.Models;

// BLEU of one text by hand: how many of its n-grams are in the reference, none counted more often than the reference has it.
const string Reference = "a brown dog runs across the wet grass", Written = "a brown dog runs over the grass";
string[] written = Written.Split(' '), reference = Reference.Split(' ');
var logarithm = 0.0;
for (var n = 1; n <= 4; n++)
{
    var (own, others) = (Ngrams(written, n), Ngrams(reference, n));
    var matches = own.Sum(g => Math.Min(g.Value, others.GetValueOrDefault(g.Key)));
    var total = written.Length - n + 1;
    Console.WriteLine($"{n}-grams: {matches} of {total} are in the reference");
    logarithm += Math.Log((double)matches / total) / 4;
}

// A short text could be precise by saying little, so what is shorter than the reference is made to pay.
var brevity = Math.Min(1, Math.Exp(1 - ((double)reference.Length / written.Length)));
Console.WriteLine($"penalty for {written.Length} words instead of {reference.Length}: {brevity:0.000}");
var byLibrary = new Bleu().Score([Written], [Reference]);
Console.WriteLine($"BLEU by hand {100 * brevity * Math.Exp(logarithm):0.00}, by the library {byLibrary:0.00}");

// What the scores say of texts whose worth a reader sees at once.
(string Name, string Text)[] texts =
[
    ("the same", "a brown dog runs across the wet grass"),
    ("one word less", "a brown dog runs across the grass"),
    ("other words", "a dark hound is running over a damp lawn"),
    ("other forms", "brown dogs running across wet grasses"),
    ("other order", "across the wet grass a brown dog runs"),
    ("the opposite", "no brown dog runs across the wet grass"),
    ("another dog", "a brown cat runs across the wet grass"),
    ("word salad", "grass wet the across runs dog brown a"),
    ("too short", "a brown dog"),
];
var (bleu, chrf, meteor) = (new Bleu(new() { EffectiveOrder = true }), new Chrf(), new Meteor());
var (rouge1, rougeL) = (new Rouge(RougeKind.Rouge1), new Rouge(RougeKind.RougeL));
Console.WriteLine($"reference: {Reference}");
Console.WriteLine("               BLEU  chrF  ROUGE-1  ROUGE-L  METEOR");
foreach (var (name, text) in texts)
{
    double Of(TextMetric metric) => metric.Score([text], [Reference]);
    Console.WriteLine($"{name,-13}{Of(bleu),6:0.0}{Of(chrf),6:0.0}{Of(rouge1),9:0.0}{Of(rougeL),9:0.0}{Of(meteor),8:0.0}");
}

// A score of a corpus is not the mean of the scores of its texts, and it says little without its settings.
string[] all = [.. texts.Select(t => t.Text)], references = [.. texts.Select(_ => Reference)];
var mean = all.Average(t => bleu.Score([t], [Reference]));
Console.WriteLine($"BLEU of the corpus {new Bleu().Score(all, references):0.0}, mean of its texts {mean:0.0}");
string[] capital = ["A brown dog runs across the wet grass."], small = ["a brown dog runs across the wet grass ."];
var (asItIs, ignoringCase) = (new Bleu().Score(capital, small), new Bleu(new() { Lowercase = true }).Score(capital, small));
Console.WriteLine($"another capital letter, another space: BLEU {asItIs:0.0}; ignoring case {ignoringCase:0.0}");
Console.WriteLine(new Bleu().Signature().Split("|version")[0]);

// How far would the score move with other texts of the same kind? The bootstrap draws the texts again, with replacement.
var (score, low, high) = new Bleu().Interval(all, references);
Console.WriteLine($"nine texts: BLEU {score:0.0}, in 95 % of samples between {low:0.0} and {high:0.0}");

static Dictionary<string, int> Ngrams(string[] words, int n) =>
    Enumerable.Range(0, Math.Max(0, words.Length - n + 1)).Select(i => string.Join(' ', words[i..(i + n)]))
        .GroupBy(g => g).ToDictionary(g => g.Key, g => g.Count());
