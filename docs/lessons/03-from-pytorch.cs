// Lesson 3: a small PyTorch program in SeqCore, line by line. Run it with: dotnet run docs/lessons/03-from-pytorch.cs
// The same program in Python is in docs/from-pytorch.md. It learns to name the largest of five digits.
#:project ../../SeqCore.Models

using SeqCore;
using SeqCore.Models;

var random = new RandomGenerator(seed: 1);
using var model = new Largest(random);
using var optimizer = new AdamW(model.Parameters(), learningRate: 0.01f);
for (var step = 1; step <= 100; step++)
{
    var (x, target) = Batch(64);
    using var tape = new Tape();
    var loss = model.Forward(x).CrossEntropy(target);
    optimizer.ZeroGradients();
    tape.Backward(loss);
    optimizer.StepClipped(1f);
    if (step % 20 == 0)
        Console.WriteLine($"step {step}: loss {loss.Value.Item():0.00}");
}

model.Evaluate();
using (var scope = new TensorScope())
{
    var (x, target) = Batch(1000);
    var guess = model.Forward(x).Value.ArgMax();
    Console.WriteLine($"{guess.EqualTo(target).Count() / 10.0:0} % of 1000 new sequences are right");
}

// Five digits for each of n sequences, and the largest of the five.
(IndexTensor X, IndexTensor Target) Batch(int n)
{
    int[][] digits = [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, 5).Select(_ => random.NextInt32(10)).ToArray())];
    return (IndexTensor.FromSpan([.. digits.SelectMany(d => d)], new Shape(n, 5)),
        IndexTensor.FromSpan([.. digits.Select(d => d.Max())], new Shape(n)));
}

internal sealed class Largest : Module
{
    private readonly Embedding embedding;
    private readonly Lstm lstm;
    private readonly Dropout dropout;
    private readonly Linear head;

    public Largest(RandomGenerator random)
    {
        embedding = Register("embedding", new Embedding(10, 16, random));
        lstm = Register("lstm", new Lstm(16, 64, random));
        dropout = Register("dropout", new Dropout(0.1f, random));
        head = Register("head", new Linear(64, 10, random));
    }

    public Variable Forward(IndexTensor x)
    {
        var (_, state) = lstm.Forward(embedding.Forward(x));
        return head.Forward(dropout.Forward(state.Hidden[^1]));
    }
}
