using SeqCore.Models;

namespace SeqCore.Benchmarks;

/// <summary>The row operations of a Transformer between its products: forward, and with all gradients.</summary>
internal static class TransformerRowWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        .. Both("rmsnorm", "RxC", sizes =>
        {
            var (x, weight) = (Leaf(sizes), Leaf(sizes[1]));
            return new([x, weight], () => x.RmsNorm(weight));
        }),
        .. Both("add_layernorm", "RxC", sizes =>
        {
            var (x, residual, weight, bias) = (Leaf(sizes), Leaf(sizes), Leaf(sizes[1]), Leaf(sizes[1]));
            return new([x, residual, weight, bias], () => x.AddLayerNorm(residual, weight, bias).Normalised);
        }),
        .. Both("swiglu", "RxC", sizes =>
        {
            var x = Leaf(sizes[0], 2 * sizes[1]);
            return new([x], x.SwiGlu);
        }),
        .. Both("rotary", "BxTxHxK", sizes =>
        {
            var x = Leaf(sizes[0], sizes[1], sizes[2] * sizes[3]);
            var rotary = new RotaryPositions(sizes[3]);
            return new([x], () => rotary.Forward(x, sizes[2]));
        }),
    ];

    /// <summary>
    /// The kind forward, and as NAME_fwdbwd with the gradients of all leaves for a given gradient of the result.
    /// </summary>
    private static WorkloadKind[] Both(string name, string letters, Func<int[], RowOperation> create) =>
    [
        new(name, letters, sizes =>
        {
            var operation = create(sizes);
            return Workload.Inference(() => operation.Run());
        }),
        new($"{name}_fwdbwd", letters, sizes =>
        {
            var operation = create(sizes);
            var seed = Inputs.Normal(operation.Run().Shape.Sizes);
            return Workload.WithGradient(tape =>
            {
                foreach (var leaf in operation.Leaves)
                    leaf.ZeroGradient();
                tape.Backward(operation.Run(), seed);
            });
        }),
    ];

    private static Variable Leaf(params ReadOnlySpan<int> sizes) => new(Inputs.Normal(sizes), requiresGradient: true);

    private sealed record RowOperation(Variable[] Leaves, Func<Variable> Run);
}
