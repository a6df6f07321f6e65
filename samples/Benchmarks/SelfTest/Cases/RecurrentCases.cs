using SeqCore.Kernels;
using SeqCore.Kernels.Cells;

namespace SeqCore.Benchmarks;

/// <summary>Recurrent layers over whole sequences, forward and backward.</summary>
internal static class RecurrentCases
{
    private static readonly RecurrentCell[] Cells =
    [
        RecurrentCell.Of<LstmCell<SigmoidActivation, TanhActivation>>("Lstm"),
        RecurrentCell.Of<GruCell<SigmoidActivation, TanhActivation>>("Gru"),
        RecurrentCell.Of<RnnCell<TanhActivation>>("Rnn"),
    ];

    private static readonly (RecurrentShape Shape, bool IsLarge)[] Sizes =
    [
        (new RecurrentShape(3, 7, 5, 9), false),
        (new RecurrentShape(1, 5, 33, 64), false),
        (new RecurrentShape(17, 12, 24, 48), false),
        (new RecurrentShape(64, 64, 128, 256), true),
        (new RecurrentShape(16, 256, 64, 128), true),
        (new RecurrentShape(32, 100, 256, 1024), true),
    ];

    internal static IEnumerable<KernelCase> Create() =>
    [
        .. from cell in Cells
           from size in Sizes
           from kernel in Both(cell, size.Shape, RecurrentVariant.Plain, size.IsLarge)
           select kernel,
        .. from cell in Cells
           from variant in new[] { RecurrentVariant.Reversed, RecurrentVariant.Lengths, RecurrentVariant.Zoneout }
           from kernel in Both(cell, new RecurrentShape(5, 6, 7, 20), variant, large: false)
           select kernel,
    ];

    private static KernelCase[] Both(RecurrentCell cell, RecurrentShape s, RecurrentVariant variant, bool large)
    {
        var text = $"{cell.Name}, {Layouts.Sizes(s.Batch, s.Steps, s.InputSize)} to"
            + $" {s.HiddenSize}{(variant == RecurrentVariant.Plain ? "" : $", {variant.ToString().ToLowerInvariant()}")}";
        var operations = 2.0 * s.Batch * s.Steps * cell.Gates * s.HiddenSize * (s.InputSize + s.HiddenSize);

        // An error of one step goes through the products of all later ones; the weights are small enough for it not to grow.
        var bound = Bounds.Sum(s.Steps * (double)(s.InputSize + s.HiddenSize));
        return
        [
            new KernelCase(nameof(Backend.RecurrentForward), text, bound, o =>
            {
                var operands = new RecurrentOperands(o, cell, s, variant);
                var outputs = operands.Outputs(compared: true);
                return () => cell.Forward(o.Backend, operands.Arguments, outputs);
            })
            { Operations = operations, IsLarge = large },
            new KernelCase(nameof(Backend.RecurrentBackward), text, bound, o =>
            {
                var operands = new RecurrentOperands(o, cell, s, variant);
                var gradients = operands.Gradients();
                cell.Forward(o.Backend, operands.Arguments, operands.Outputs(compared: false));
                return () => cell.Backward(o.Backend, operands.Arguments, gradients);
            })
            { Operations = 2 * operations, IsLarge = large },
        ];
    }
}
