using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Matrix products with every memory layout, everything fused onto them, and sizes from a vector up.</summary>
internal static class MatMulCases
{
    private static readonly Activation[] Activations = Enum.GetValues<Activation>();

    internal static IEnumerable<KernelCase> Create() =>
        [.. InFloat32(), .. OnTensorCores(MatMulPrecision.Tf32x3), .. OnTensorCores(MatMulPrecision.Tf32)];

    /// <summary>Products on tensor cores. Unaligned operands are multiplied in float32 all the same.</summary>
    private static IEnumerable<KernelCase> OnTensorCores(MatMulPrecision precision)
    {
        List<KernelCase> kernels =
        [
            Product(128, 128, 64, large: false, false, false),
            Product(132, 260, 68, large: false, false, true),
            Product(256, 512, 128, large: false, true, false),
            Batched(64, 256, 64, 256, shared: false, large: true),
            Product(4096, 4096, 4096, large: true, false, false),
            Product(4096, 4096, 4096, large: true, false, true),
            Product(4096, 4096, 4096, large: true, true, false),
            Product(4096, 4096, 4096, large: true, true, true),
        ];
        return kernels.Select(kernel => TensorCores.On(kernel, precision));
    }

    private static List<KernelCase> InFloat32() =>
    [
        .. from a in new[] { false, true }
           from b in new[] { false, true }
           from size in new[] { (65, 37, 130, false), (128, 128, 64, false), (1, 33, 257, false), (2048, 2048, 2048, true) }
           select Product(size.Item1, size.Item2, size.Item3, size.Item4, a, b),
        .. from activation in Activations select Fused(67, 129, 33, activation, large: false),
        Fused(3200, 4096, 256, Activation.GeluTanh, large: true),
        Accumulated(),
        Batched(5, 17, 33, 65, shared: false, large: false),
        Batched(5, 17, 33, 65, shared: true, large: false),
        Batched(64, 256, 64, 256, shared: false, large: true),
        Part(),
        Product(1024, 1024, 1024, large: true, false, false),
        Product(4096, 4096, 4096, large: true, false, false),
        Product(1, 4096, 1024, large: true, false, true),
        Product(768, 64, 3072, large: true, false, true),
        Product(256, 1024, 65536, large: true, true, false),
        Packed(65, 37, 130, large: false),
        Packed(32, 4096, 1024, large: true),
        Pack(130, 37, large: false),
        Pack(1024, 4096, large: true),
    ];

    private static KernelCase Product(int m, int n, int k, bool large, bool transposedA, bool transposedB) =>
        Case("MatMul", $"{(transposedA ? "A'" : "A")} {(transposedB ? "B'" : "B")}", m, n, k, 1, large, o => new MatMulArguments
        {
            M = m,
            N = n,
            K = k,
            A = new Matrix(o.Normal(m * k), transposedA ? m : k, transposedA),
            B = new Matrix(o.Normal(k * n), transposedB ? k : n, transposedB),
            C = new Matrix(o.Result(m * n), n),
        });

    private static KernelCase Fused(int m, int n, int k, Activation activation, bool large) =>
        Case("MatMul", $"A B' + bias, {activation}", m, n, k, 1, large, o => new MatMulArguments
        {
            M = m,
            N = n,
            K = k,
            A = new Matrix(o.Normal(m * k, 0.2f), k),
            B = new Matrix(o.Normal(k * n, 0.2f), k, true),
            C = new Matrix(o.Result(m * n), n),
            Bias = o.Normal(n),
            Activation = activation,
        });

    // C changes at every call, but not by how much the first one changed it, which is what is compared.
    private static KernelCase Accumulated() =>
        Case("MatMul", "0.5 A B + 0.25 C", 65, 130, 37, 1, large: false, o => new MatMulArguments
        {
            M = 65,
            N = 130,
            K = 37,
            A = new Matrix(o.Normal(65 * 37), 37),
            B = new Matrix(o.Normal(37 * 130), 130),
            C = new Matrix(o.Changed(65 * 130), 130),
            Alpha = 0.5f,
            Beta = 0.25f,
        });

    private static KernelCase Batched(int batch, int m, int n, int k, bool shared, bool large) =>
        Case("MatMul", shared ? $"{batch} products, one B" : $"{batch} products", m, n, k, batch, large, o => new MatMulArguments
        {
            M = m,
            N = n,
            K = k,
            Batch = batch,
            A = new Matrix(o.Normal(batch * m * k), k, false, m * k),
            B = new Matrix(o.Normal((shared ? 1 : batch) * k * n), n, false, shared ? 0 : k * n),
            C = new Matrix(o.Result(batch * m * n), n, false, m * n),
        });

    private static KernelCase Part() =>
        Case("MatMul", "parts of wider matrices", 65, 33, 37, 1, large: false, o => new MatMulArguments
        {
            M = 65,
            N = 33,
            K = 37,
            A = new Matrix(o.Normal(65 * 41), 41),
            B = new Matrix(o.Normal(33 * 39), 39, true),
            C = new Matrix(o.Changed(65 * 50), 50),
        });

    private static KernelCase Packed(int m, int n, int k, bool large) =>
        Case("MatMul", "A B, B packed", m, n, k, 1, large, o => new MatMulArguments
        {
            M = m,
            N = n,
            K = k,
            A = new Matrix(o.Normal(m * k), k),
            PackedB = o.Backend.Pack(new Matrix(o.Normal(k * n), n), k, n),
            C = new Matrix(o.Result(m * n), n),
        });

    private static KernelCase Pack(int k, int n, bool large) => new("Pack", Layouts.Sizes(k, n), Bounds.Sum(k), o =>
    {
        var (a, b, c) = (o.Normal(k), o.Normal(k * n), o.Result(n));
        return () =>
        {
            using var packed = o.Backend.Pack(new Matrix(b, n), k, n);
            o.Backend.MatMul(
                new MatMulArguments { M = 1, N = n, K = k, A = new Matrix(a, k), PackedB = packed, C = new Matrix(c, n) });
        };
    })
    { IsLarge = large };

    private static KernelCase Case(string operation, string variant, int m, int n, int k, int batch, bool large,
        Func<KernelOperands, MatMulArguments> create) =>
        new(operation, $"{variant}, {Layouts.Sizes(m, k)} times {Layouts.Sizes(k, n)}", Bounds.Sum(k), o =>
        {
            var arguments = create(o);
            return () => o.Backend.MatMul(arguments);
        })
        { Operations = 2.0 * batch * m * n * k, IsLarge = large };
}
