// Lesson 5: sequence to sequence. Words are written backwards by an encoder and a decoder, without attention and with it.
// Run it with: dotnet run docs/lessons/05-bottleneck.cs
// Chapter 16 of the book, docs/book/16-sequence-to-sequence.md, explains it.
#:project ../../SeqCore.Models

using SeqCore;
using SeqCore.Models;

const int Longest = 12, Letters = 26, FirstLetter = SpecialToken.Count;

// The task: write a word of random letters backwards. Lengths from 2 to 12 are equally frequent, and no word is seen twice.
var random = new RandomGenerator(seed: 1);
var training = new SequencePairs(Words(8000, 2, Longest));
var validation = new SequencePairs(Words(200, 2, Longest));
(string Name, AttentionScore Attention)[] models =
    [("last state only", AttentionScore.None), ("with attention", AttentionScore.Dot)];
int[] lengths = [2, 4, 6, 8, 10, 12, 16];
Console.WriteLine($"letters right, by length {string.Concat(lengths.Select(l => $"{l,6}"))}");
foreach (var (name, attention) in models)
{
    using var model = new RecurrentEncoderDecoder(new()
    {
        SourceVocabularySize = FirstLetter + Letters,
        TargetVocabularySize = FirstLetter + Letters,
        Kind = RecurrentKind.Gru,
        EmbeddingSize = 32,
        HiddenSize = 64,
        Bidirectional = true,
        Attention = attention,
    }, new RandomGenerator(seed: 1));
    using var task = new SequencePairTask(model, new SequencePairBatches(training, batchSize: 32, seed: 1), validation);
    using var optimizer = new Adam(model.Parameters(), learningRate: 0.005f);
    new Trainer(task, optimizer, new TrainerOptions { Steps = 750 }).Run();
    model.Evaluate();
    Console.WriteLine($"{name,-25}{string.Concat(lengths.Select(l => $"{100 * Share(model, l),4:0} %"))}");
    if (attention != AttentionScore.None)
        ShowAttention(model, "sequence");
}

// The share of the letters that the model writes in their right places, in 100 new words of one length.
double Share(EncoderDecoderModel model, int length)
{
    using var scope = new TensorScope();
    var words = Words(100, length, length);
    using var source = IndexTensor.FromSpan([.. words.SelectMany(w => w.Source)], new Shape(words.Length, length));
    using var stream = model.NewStream(source, null);
    var search = new BeamSearch(stream, new BeamSearchOptions
    {
        Width = 1,
        MaximumLength = length + 1,
        EndToken = SpecialToken.End,
        ForbiddenTokens = SpecialToken.NeverGenerated,
    });
    var right = search.SearchAll([SpecialToken.Start]).Zip(words, (found, word) =>
        found[0].Tokens.ToArray().Zip(word.Target).Count(t => t.First == t.Second));
    return (double)right.Sum() / (words.Length * length);
}

// Where the model looks as it writes: a row for each letter that it writes, darker where the weight is larger.
void ShowAttention(EncoderDecoderModel model, string word)
{
    using var scope = new TensorScope();
    int[] source = [.. word.Select(c => FirstLetter + c - 'a')], input = [SpecialToken.Start, .. source.Reverse().SkipLast(1)];
    using var read = IndexTensor.FromSpan(source, new Shape(1, source.Length));
    using var written = IndexTensor.FromSpan(input, new Shape(1, input.Length));
    var weights = model.Forward(read, null, written, returnAttention: true).Attention[0].Value
        .Reshape([input.Length, source.Length]).ToArray2D();
    Console.WriteLine($"   {string.Join(' ', word.AsEnumerable())}");
    for (var t = 0; t < input.Length; t++)
    {
        var cells = Enumerable.Range(0, source.Length).Select(s => ".:*#@"[(int)Math.Min(4, 5 * weights[t, s])]);
        Console.WriteLine($"{word[^(t + 1)]}  {string.Join(' ', cells)}");
    }
}

(int[] Source, int[] Target)[] Words(int count, int shortest, int longest)
{
    var words = new (int[], int[])[count];
    for (var i = 0; i < count; i++)
    {
        var word = new int[shortest + random.NextInt32(longest - shortest + 1)];
        for (var j = 0; j < word.Length; j++)
            word[j] = FirstLetter + random.NextInt32(Letters);
        words[i] = (word, [.. word.Reverse()]);
    }

    return words;
}
