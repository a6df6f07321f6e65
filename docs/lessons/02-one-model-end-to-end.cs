// Lesson 2: one model, from a text file to new text. Run it with: dotnet run docs/lessons/02-one-model-end-to-end.cs
// Chapter 0 of the book, docs/book/00-one-model-end-to-end.md, explains it line by line.
#:project ../../SeqCore.Models

using System.Runtime.CompilerServices;
using SeqCore;
using SeqCore.Models;

const int SequenceLength = 64, BatchSize = 16;

// The text: the log of a harbour, one line for each day. The first nine tenths train the models, the last tenth tests them.
var corpus = TextCorpus.Load(Path.Combine(FolderOf(), "harbour.txt"));
var vocabularySize = corpus.Tokenizer.Count;
Console.WriteLine($"{corpus.Tokens.Length} characters, {vocabularySize} different; {corpus.Training.Length} for training");
Show("guessing, every character alike", Math.Log(vocabularySize));
Show("bigram counts", BigramLoss(corpus, vocabularySize));

// The same model twice: without and with dropout. Both are evaluated every 50 steps.
var plain = Train(dropout: 0f, steps: 600, patience: null, out var plainModel);
var regular = Train(dropout: 0.5f, steps: 1200, patience: 4, out var model);
Console.WriteLine("        no dropout            dropout");
Console.WriteLine("  step  training  validation  training  validation");
for (var i = 0; i < Math.Max(plain.Count, regular.Count); i++)
    Console.WriteLine($"{50 * (i + 1),6}{Row(plain, i)}{Row(regular, i)}");
Show("LSTM without dropout, best", plain.Min(r => r.Validation));
Show("LSTM without dropout, last", plain[^1].Validation);
Show("LSTM with dropout, best", regular.Min(r => r.Validation));
plainModel.Dispose();

// A saved model has its options and characters in the file, so that nothing else is needed to use it.
var path = Path.Combine(Path.GetTempPath(), $"harbour-{Environment.ProcessId}.safetensors");
model.Save(path);
model.Dispose();
using var loaded = LanguageModel.Load(path);
File.Delete(path);

// What does it expect after these words? The three likeliest characters, with their probabilities.
using (var scope = new TensorScope())
{
    const string Beginning = "The brig Anna came in from ";
    int[] tokens = loaded.Tokenizer!.Encode(Beginning);
    using var read = IndexTensor.FromSpan(tokens, new Shape(1, tokens.Length));
    var (values, characters) = loaded.Predict(read).Value.Select(1, tokens.Length - 1).Softmax().TopK(3);
    Console.WriteLine($"after '{Beginning}' come " + string.Join(", ", values.ToArray().Zip(characters.ToArray(),
        (p, c) => $"'{loaded.Tokenizer.Decode([c])}' with {100 * p:0} %")));
}

Console.WriteLine(loaded.Generate("Monday, ", length: 300, new Sampler(new RandomGenerator(seed: 4), temperature: 0.5f)));

// Trains an LSTM; returns the mean training loss and the validation loss of every 50 steps.
List<(double Training, double Validation)> Train(float dropout, long steps, int? patience, out LanguageModel trained)
{
    trained = new RecurrentLanguageModel(
        new() { VocabularySize = vocabularySize, EmbeddingSize = 32, HiddenSize = 128, Dropout = dropout },
        new RandomGenerator(seed: 1))
    {
        Tokenizer = corpus.Tokenizer,
    };
    using var task = new LanguageModelTask(trained, new RandomWindows(corpus.Training, BatchSize, SequenceLength, seed: 2),
        new TokenWindows(corpus.Validation, SequenceLength));
    using var optimizer = new Adam(trained.Parameters(), learningRate: 0.01f);
    var trainer = new Trainer(task, optimizer, new TrainerOptions { Steps = steps, EvaluateEvery = 50, Patience = patience });
    var (losses, sum) = (new List<(double, double)>(), 0.0);
    trainer.StepCompleted += (_, step) => sum += step.Loss;
    trainer.Evaluated += (_, evaluated) =>
    {
        losses.Add((sum / 50, evaluated.Loss));
        sum = 0;
    };
    trainer.Run();
    return losses;
}

// The mean of -log p(character | the one before), where p comes from counts in the training text, plus 0.1 for pairs not seen.
static double BigramLoss(TextCorpus corpus, int vocabularySize)
{
    var counts = new double[vocabularySize, vocabularySize];
    var totals = new double[vocabularySize];
    var training = corpus.Training.Span;
    for (var i = 1; i < training.Length; i++)
    {
        counts[training[i - 1], training[i]]++;
        totals[training[i - 1]]++;
    }

    var loss = 0.0;
    var validation = corpus.Validation.Span;
    for (var i = 1; i < validation.Length; i++)
    {
        var (before, next) = (validation[i - 1], validation[i]);
        loss -= Math.Log((counts[before, next] + 0.1) / (totals[before] + 0.1 * vocabularySize));
    }

    return loss / (validation.Length - 1);
}

static void Show(string model, double loss) => Console.WriteLine($"{model + ':',-33}{loss:0.00} nats, perplexity"
    + $" {LanguageMetrics.Perplexity(loss):0.0}, {LanguageMetrics.BitsPerCharacter(loss):0.00} bits per character");

static string Row(List<(double Training, double Validation)> losses, int i) =>
    i < losses.Count ? $"{losses[i].Training,10:0.00}{losses[i].Validation,12:0.00}" : "                      ";

static string FolderOf([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
