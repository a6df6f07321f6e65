// Lesson 1: an LSTM learns a rhyme, one character at a time. Run it with: dotnet run docs/lessons/01-char-lstm.cs
#:project ../../SeqCore.Models

using System.Diagnostics;
using SeqCore;
using SeqCore.Models;

const string Rhyme =
    "Peter Piper picked a peck of pickled peppers. A peck of pickled peppers Peter Piper picked. " +
    "If Peter Piper picked a peck of pickled peppers, where's the peck of pickled peppers Peter Piper picked? ";
const int Batch = 16, Steps = 32, EmbeddingSize = 16, HiddenSize = 64;

// A model knows numbers, not characters: a tokenizer gives each character of the text its number.
var tokenizer = new CharacterTokenizer(Rhyme);
var text = tokenizer.Encode(Rhyme + Rhyme);

// Three layers: a vector for each character, an LSTM that reads them in order, and a score for each character that may come next.
var random = new RandomGenerator(seed: 1);
var embedding = new Embedding(tokenizer.Count, EmbeddingSize, random);
var lstm = new Lstm(EmbeddingSize, HiddenSize, random);
var head = new Linear(HiddenSize, tokenizer.Count, random);
Parameter[] parameters = [.. embedding.Parameters(), .. lstm.Parameters(), .. head.Parameters()];
using var optimizer = new Adam(parameters, learningRate: 0.01f);
Console.WriteLine($"{tokenizer.Count} characters, {parameters.Sum(p => p.Value.ElementCount)} parameters");

// Before it has learned anything, the model guesses: its loss is about log(number of characters).
Console.WriteLine($"a pure guess has a loss of {Math.Log(tokenizer.Count):0.00}");
var clock = Stopwatch.StartNew();
for (var iteration = 1; iteration <= 200; iteration++)
{
    // Each sequence starts somewhere in the first copy of the rhyme; its targets are the same characters, one later.
    int[] starts = [.. Enumerable.Range(0, Batch).Select(b => (iteration * 37 + b * 13) % Rhyme.Length)];
    var shape = new Shape(Batch, Steps);
    using var inputs = IndexTensor.FromSpan([.. starts.SelectMany(s => text[s..(s + Steps)])], shape);
    using var targets = IndexTensor.FromSpan([.. starts.SelectMany(s => text[(s + 1)..(s + 1 + Steps)])], shape);

    // Forward: the tape records each operation. Backward: it runs them in reverse for the gradient of each parameter.
    using var tape = new Tape();
    var scores = head.Forward(lstm.Forward(embedding.Forward(inputs)).Output);
    var loss = scores.CrossEntropy(targets);
    optimizer.ZeroGradients();
    tape.Backward(loss);
    optimizer.Step();
    if (iteration % 40 == 0)
        Console.WriteLine($"iteration {iteration}: loss {loss.Value.Item():0.00}");
}

Console.Error.WriteLine($"{Batch * Steps * 200 / clock.Elapsed.TotalSeconds:0} characters a second");

// To write, the model reads a beginning, then its own most probable character again and again. The state remembers all before.
const string Beginning = "If Peter";
var written = Beginning;
RecurrentState? state = null;
var next = tokenizer.Encode(Beginning);
while (written.Length < 100)
{
    using var scope = new TensorScope();
    using var read = IndexTensor.FromSpan(next, new Shape(1, next.Length));
    var (output, after) = lstm.Forward(embedding.Forward(read), state);
    var last = head.Forward(output).Value.ToArray()[^tokenizer.Count..];
    next = [Array.IndexOf(last, last.Max())];
    written += tokenizer.Decode(next);
    state?.Dispose();
    state = after.Keep();
}

state?.Dispose();
Console.WriteLine(written);
