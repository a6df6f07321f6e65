using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>One step over many tensors, and the norm of all gradients.</summary>
internal static class OptimizerCases
{
    private static readonly int[] Small = [1, 5, 1003, 64, 37 * 53];
    private static readonly int[] Large = [.. Enumerable.Repeat(250_000, 40)];
    private static readonly AdamStep Adam = new(1e-3f, 0.9f, 0.999f, 1e-8f, 0.01f, Decoupled: false, Step: 3,
        GradientScale: 0.5f);

    internal static IEnumerable<KernelCase> Create() =>
    [
        .. Case("Adam", "L2", true, true, 7, (b, slots, _) => b.Adam(slots, Adam)),
        .. Case("Adam", "decoupled decay, factor on the device", true, true, 7,
            (b, slots, factor) => b.Adam(slots, Adam with { Decoupled = true }, factor)),
        .. Case("Sgd", "plain", false, false, 3, (b, slots, _) => b.Sgd(slots, new SgdStep(0.01f, 0f, 0f, 0.01f, false, false))),
        .. Case("Sgd", "Nesterov momentum", true, false, 5,
            (b, slots, _) => b.Sgd(slots, new SgdStep(0.01f, 0.9f, 0f, 0f, true, false, 0.5f))),
        .. Case("RmsProp", "plain", false, true, 5,
            (b, slots, _) => b.RmsProp(slots, new RmsPropStep(0.01f, 0.99f, 1e-8f, 0.01f, 0f))),
        .. Case("RmsProp", "momentum", true, true, 7,
            (b, slots, _) => b.RmsProp(slots, new RmsPropStep(0.01f, 0.99f, 1e-8f, 0f, 0.9f))),
        GlobalNorm(Small, large: false),
        GlobalNorm(Large, large: true),
        ClipFactor(Small, large: false),
        ClipFactor(Large, large: true),
    ];

    private static KernelCase[] Case(string operation, string variant, bool first, bool second, int passes,
        Action<Backend, OptimizerSlot[], DeviceSpan<float>> step) =>
    [
        Case(operation, variant, Small, first, second, passes, step, large: false),
        Case(operation, variant, Large, first, second, passes, step, large: true),
    ];

    private static KernelCase Case(string operation, string variant, int[] sizes, bool first, bool second, int passes,
        Action<Backend, OptimizerSlot[], DeviceSpan<float>> step, bool large) =>
        new(operation, $"{variant}, {sizes.Sum()} in {sizes.Length} tensors", Bounds.Elementwise, o =>
        {
            var slots = Array.ConvertAll(sizes, n => new OptimizerSlot(o.Changed(n), o.Normal(n), first ? o.Changed(n) : default,
                second ? o.ChangedSquares(n) : default));
            var factor = o.Put([0.7f]);
            return () => step(o.Backend, slots, factor);
        })
        { Bytes = Layouts.Floats((double)passes * sizes.Sum()), IsLarge = large };

    private static KernelCase GlobalNorm(int[] sizes, bool large) =>
        new("GlobalNorm", $"{sizes.Sum()} in {sizes.Length} tensors", Bounds.Elementwise, o =>
        {
            var gradients = Array.ConvertAll(sizes, n => o.Normal(n));
            return () => o.Number = o.Backend.GlobalNorm(gradients);
        })
        { Bytes = Layouts.Floats(sizes.Sum()), IsLarge = large };

    /// <summary>The clipping factor of gradients whose norm is about 1, so that it does not hide an error.</summary>
    private static KernelCase ClipFactor(int[] sizes, bool large) =>
        new("ClipFactor", $"{sizes.Sum()} in {sizes.Length} tensors", Bounds.Elementwise, o =>
        {
            var deviation = 1f / MathF.Sqrt(sizes.Sum());
            var gradients = Array.ConvertAll(sizes, n => o.Normal(n, deviation));
            var result = o.Result(2);
            return () => o.Backend.ClipFactor(gradients, 0.5f, result);
        })
        { Bytes = Layouts.Floats(sizes.Sum()), IsLarge = large };
}
