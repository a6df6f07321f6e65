using SeqCore.Models;

namespace SeqCore.Benchmarks;

/// <summary>Recurrent layers over a (B, T, I) batch.</summary>
internal static class RecurrentWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        .. Ways("lstm", 4, (i, h) => new Lstm(i, h, new RandomGenerator(1))),
        .. Ways("bilstm", 8, (i, h) => new Lstm(i, h, new RandomGenerator(1), new() { Bidirectional = true })),
        .. Ways("gru", 3, (i, h) => new Gru(i, h, new RandomGenerator(1))),
        .. Ways("rnn", 1, (i, h) => new Rnn(i, h, new RandomGenerator(1))),
        new("lstm_step", "BxIxH", sizes => Step(sizes[0], sizes[1], sizes[2])),
    ];

    private static WorkloadKind[] Ways(string name, int gates, Func<int, int, RecurrentLayer> create) =>
    [
        new($"{name}_fwd", "BxTxIxH", s => Forward(create(s[2], s[3]), s[0], s[1], Operations(gates, s))),
        new($"{name}_fwdbwd", "BxTxIxH", s => Both(create(s[2], s[3]), s[0], s[1], 3 * Operations(gates, s))),
    ];

    /// <summary>Of the products of one forward pass; backward has twice as many.</summary>
    private static double Operations(int gates, int[] sizes) =>
        2.0 * sizes[0] * sizes[1] * gates * sizes[3] * (sizes[2] + sizes[3]);

    private static Workload Forward(RecurrentLayer layer, int batch, int steps, double operations)
    {
        var x = Inputs.Normal(batch, steps, layer.InputSize);
        return Workload.Inference(() => layer.Forward(x), operations);
    }

    /// <summary>Forward from a state of zeros, then the gradients of x and of every weight.</summary>
    private static Workload Both(RecurrentLayer layer, int batch, int steps, double operations)
    {
        var x = new Variable(Inputs.Normal(batch, steps, layer.InputSize), requiresGradient: true);
        var dY = Inputs.Normal(batch, steps, layer.OutputSize);
        return Workload.WithGradient(
            tape =>
            {
                layer.ZeroGradients();
                x.ZeroGradient();
                tape.Backward(layer.Forward(x).Output, dY);
            },
            operations);
    }

    /// <summary>One time step with its state, as in streaming.</summary>
    private static Workload Step(int batch, int inputSize, int hiddenSize)
    {
        var cell = new LstmCell(inputSize, hiddenSize, new RandomGenerator(1));
        var x = Inputs.Normal(batch, inputSize);
        Variable h = Inputs.Normal(batch, hiddenSize), c = Inputs.Normal(batch, hiddenSize);
        return Workload.Inference(() => cell.Forward(x, (h, c)), 8.0 * batch * hiddenSize * (inputSize + hiddenSize));
    }
}
