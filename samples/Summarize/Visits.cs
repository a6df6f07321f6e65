namespace SeqCore.Samples.Summarize;

/// <summary>
/// Writes short dialogues between a doctor and a patient, each with a note. Names and drugs are made up and new in nearly every
/// dialogue, so that a model that cannot copy has never seen those of a new one.
/// </summary>
internal static class Visits
{
    private const int Training = 4000, Others = 200;
    private const ulong Seed = 0x766973697473;

    private static readonly string[] onsets = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "tr"];
    private static readonly string[] vowels = ["a", "e", "i", "o", "u"];
    private static readonly string[] surnameEnds = ["n", "r", "l", "sky", "berg", "man"];
    private static readonly string[] drugEnds = ["xin", "pril", "zole", "mab", "statin", "fen"];
    private static readonly string[] places = ["knee", "back", "neck", "shoulder", "head", "foot", "elbow", "hip"];
    private static readonly string[] units = ["days", "weeks", "hours"];

    /// <summary>The examples, always the same ones.</summary>
    public static SummaryCorpus Corpus()
    {
        var random = new RandomGenerator(Seed);
        return new SummaryCorpus(Write(Training), Write(Others), Write(Others));

        Example[] Write(int count) => [.. Enumerable.Range(0, count).Select(_ => Visit(random))];
    }

    /// <summary>The words of a note that only its own dialogue has: names, drugs and numbers.</summary>
    public static IEnumerable<string> RareWords(Example visit) =>
        visit.Summary.Split(' ').Select(w => w.TrimEnd('.')).Skip(1).Where(w => char.IsUpper(w[0]) || char.IsDigit(w[0])
            || drugEnds.Any(e => w.Length > e.Length + 2 && w.EndsWith(e, StringComparison.Ordinal)));

    private static Example Visit(RandomGenerator random)
    {
        string name = Capital(Word(random, 2, surnameEnds)), other = Capital(Word(random, 2, surnameEnds)),
            drug = Word(random, 2, drugEnds), place = Pick(random, places), unit = Pick(random, units);
        int count = 2 + random.NextInt32(90), dose = 5 * (1 + random.NextInt32(190));
        var title = Pick(random, ["Mr.", "Ms."]);
        string greeting = Pick(random,
            [$"Good morning, {title} {name}.", $"Hello, {title} {name}.", $"Come in, {title} {name}."]);
        string question = Pick(random, ["What brings you here?", "How can I help?", $"Did Dr. {other} send you?"]);
        string complaint = Pick(random, [$"My {place} has hurt for {count} {unit}.",
            $"I have had pain in my {place} for {count} {unit}.", $"For {count} {unit} now my {place} hurts."]);
        string asked = Pick(random, ["Do you take anything?", "Are you on any medicine?", "What have you taken?"]);
        string medicine = Pick(random, [$"I take {dose} mg of {drug}.", $"Just {drug}, {dose} mg.",
            $"Dr. {other} gave me {dose} mg of {drug}."]);
        return Example.Of($"Doctor: {greeting} {question}\nPatient: {complaint}\nDoctor: {asked}\nPatient: {medicine}",
            $"{title} {name} has had {place} pain for {count} {unit} and takes {dose} mg of {drug}.");
    }

    private static string Word(RandomGenerator random, int syllables, string[] ends) =>
        string.Concat(Enumerable.Range(0, syllables).Select(_ => Pick(random, onsets) + Pick(random, vowels)))
            + Pick(random, ends);

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Pick(RandomGenerator random, string[] from) => from[random.NextInt32(from.Length)];
}
