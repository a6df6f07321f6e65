// Lesson 6: tagging. The forward algorithm of a conditional random field, and a tagger with and without one.
// Run it with: dotnet run docs/lessons/06-tagging.cs
// Chapter 17 of the book, docs/book/17-tagging.md, explains it.
#:project ../../SeqCore.Models

using SeqCore;
using SeqCore.Models;

const int Steps = 5;

// Part 1: scores of three tags at five steps, and of each tag after each other one.
string[] tags = ["O", "B-SHIP", "I-SHIP"];
using var field = new ConditionalRandomField(tags.Length, new RandomGenerator(seed: 1), TagConstraints.Bio(tags));
var emissions = Tensor.RandomNormal([1, Steps, tags.Length], new RandomGenerator(seed: 2));
float[,] score = emissions.Reshape([Steps, tags.Length]).ToArray2D(), after = field.Transitions.Value.ToArray2D();
float[] first = field.StartTransitions.Value.ToArray(), last = field.EndTransitions.Value.ToArray();

// The sum over all 3^5 sequences of tags, one by one; the sequences that BIO forbids have no part in it.
double[] scores = [.. AllSequences().Select(ScoreOf)];
var allowed = scores.Count(double.IsFinite);
Console.WriteLine($"{scores.Length} sequences, {allowed} allowed; log of the sum: {LogSumExp(scores):0.0000}");

// The same sum as a recurrence: alpha[j] sums over all beginnings that end in tag j, and a step makes it from the one before.
double[] alpha = [.. Tags().Select(j => Start(j) + score[0, j])];
for (var t = 1; t < Steps; t++)
    alpha = [.. Tags().Select(j => score[t, j] + LogSumExp(Tags().Select(i => alpha[i] + After(i, j))))];
var sum = LogSumExp(Tags().Select(j => alpha[j] + last[j]));
Console.WriteLine($"{(Steps - 1) * tags.Length * tags.Length} terms, step by step;  log of the sum: {sum:0.0000}");

// With the maximum in place of the sum, the recurrence finds the best sequence (Viterbi). The library does both in one operation.
int[] best = AllSequences().MaxBy(ScoreOf)!, found = field.Decode(emissions)[0];
Console.WriteLine($"best of all:  {Named(best)}, probability {Math.Exp(ScoreOf(best) - LogSumExp(scores)):0.000}");
Console.WriteLine($"Viterbi:      {Named(found)}");
Console.WriteLine($"step by step: {Named([.. Enumerable.Range(0, Steps).Select(t => Tags().MaxBy(j => score[t, j]))])}");

// Part 2: find ships, persons and ports in the log of a harbour. Names are made of random syllables, so that most names of the
// test are in no sentence of training.
var random = new RandomGenerator(seed: 3);
TaggedText[] training = Log(500), test = Log(500);
Console.WriteLine($"{training.Length} sentences to learn from, such as: {string.Join(' ', training[0].Tokens)}");
Console.WriteLine("                           accuracy  F1 of names");
Train("BiLSTM", hasCrf: false, characters: 0).Dispose();
Train("BiLSTM + CRF", hasCrf: true, characters: 0).Dispose();
Train("BiLSTM + characters", hasCrf: false, characters: 24).Dispose();
using var tagger = Train("BiLSTM + characters + CRF", hasCrf: true, characters: 24);
string[] words = ["Captain", "Thorsen", "of", "the", "Hope", "of", "Bridgehaven", "left", "for", "Rødvik", "."];
Console.WriteLine(string.Join(' ', words.Zip(tagger.Predict(words), (w, t) => t == "O" ? w : $"{w}/{t}")));

TextTagger Train(string name, bool hasCrf, int characters)
{
    var options = new TextTaggerOptions
    {
        Tags = TextTagger.TagsOf(training),
        HasCrf = hasCrf,
        IsBio = hasCrf,
        CharacterFeatures = characters,
        TokenDropout = 0.3f,
        Encoder = new() { Kind = TextEncoderKind.Lstm, EmbeddingSize = 16, HiddenSize = 32 },
    };
    var model = new TextTagger(new TokenVocabulary(training.Select(s => s.Tokens)), options, new RandomGenerator(seed: 1));
    using var task = new TextTaggerTask(model, training, test, batchSize: 16, seed: 1);
    using var optimizer = new Adam(model.Parameters(), learningRate: 0.01f);
    new Trainer(task, optimizer, new TrainerOptions { Steps = 250 }).Run();
    model.Evaluate();
    var result = model.Score(test);
    Console.WriteLine($"{name,-27}{100 * result.Accuracy,6:0.0} %{100 * result.SpanF1!.Value,11:0.0} %");
    return model;
}

// Sentences of a log. Who or what comes after "for" or "to" is told only by the end of the name, such as -sen or -haven.
TaggedText[] Log(int count)
{
    return [.. Enumerable.Range(0, count).Select(_ => Sentence(Pick("The * left for @ .|Captain # of the * went to @ .|The * is"
        + " lost , says a letter from @ .|Letters came for # and @ .|Letters came for @ and # .|Give it to # .|Give it to @ .|"
        + "No news of the * and her captain , # .|# sold the * to # .|# sold the * to @ .", '|')))];

    TaggedText Sentence(string pattern)
    {
        var (tokens, tags) = (new List<string>(), new List<string>());
        foreach (var word in pattern.Split(' '))
        {
            var (name, kind) = word switch
            {
                "*" => (Ship(), "SHIP"),
                "#" => (Syllable() + Pick("son sen sson"), "PERSON"),
                "@" => (Port(), "PORT"),
                _ => (word, null),
            };
            string[] parts = name.Split(' ');
            tokens.AddRange(parts);
            tags.AddRange(parts.Select((_, i) => kind is null ? "O" : $"{(i == 0 ? 'B' : 'I')}-{kind}"));
        }

        return new TaggedText(tokens, tags);
    }

    string Ship() => random.NextInt32(3) switch
    {
        0 => Syllable() + Pick("a ina essa"),
        1 => $"{Pick("Black Blue Golden Grey Red Silver")} {Pick("Crown Fox Goose Gull Star Swan Whale")}",
        _ => $"{Pick("Hope Maid Pride Queen Star")} of {Port()}",
    };

    string Port() => Syllable() + Pick("haven vik sund");

    string Syllable() => Pick("B D F G H J K L M N P R S St T Th V W") + Pick("a e i o u") + Pick("l ld m n nd r rd rn t lt");

    string Pick(string all, char between = ' ') => all.Split(between) is var each ? each[random.NextInt32(each.Length)] : "";
}

IEnumerable<int> Tags() => Enumerable.Range(0, tags.Length);

double Start(int tag) => field.Constraints!.AllowsStart(tag) ? first[tag] : double.NegativeInfinity;

double After(int from, int to) => field.Constraints!.Allows(from, to) ? after[from, to] : double.NegativeInfinity;

double ScoreOf(int[] sequence)
{
    var total = Start(sequence[0]) + last[sequence[^1]];
    for (var t = 0; t < Steps; t++)
        total += score[t, sequence[t]] + (t > 0 ? After(sequence[t - 1], sequence[t]) : 0);
    return total;
}

IEnumerable<int[]> AllSequences() => Enumerable.Range(0, (int)Math.Pow(tags.Length, Steps))
    .Select(n => Enumerable.Range(0, Steps).Select(t => n / (int)Math.Pow(tags.Length, t) % tags.Length).ToArray());

// The largest term is taken out first, so that no power overflows and not all of them become 0.
static double LogSumExp(IEnumerable<double> terms)
{
    var most = terms.Max();
    return double.IsInfinity(most) ? most : most + Math.Log(terms.Sum(x => Math.Exp(x - most)));
}

string Named(int[] sequence) => string.Join(' ', sequence.Select(t => tags[t]));
