using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Recurrent;

public class RecurrentTests
{
    public static TheoryData<string, int, int, int, int, string> Cases()
    {
        var cases = new TheoryData<string, int, int, int, int, string>();
        foreach (var kind in new[] { "Lstm", "Gru", "Tanh", "Relu" })
        {
            foreach (var options in new[] { "", "reverse", "lengths", "reverse lengths", "zoneout", "zoneout lengths reverse",
                "time-first", "no state" })
                cases.Add(kind, 3, 4, 5, 7, options);
            cases.Add(kind, 1, 1, 3, 5, "");
            cases.Add(kind, 1, 3, 3, 5, "lengths");
            cases.Add(kind, 2, 3, 4, 33, "");
            cases.Add(kind, 13, 2, 6, 40, "lengths");
            cases.Add(kind, 2, 3, 0, 5, "");
            cases.Add(kind, 3, 3, 4, 33, "blocks");
            cases.Add(kind, 2, 2, 4, 48, "blocks lengths");
        }

        cases.Add("Lstm", 2, 1, 4, 9, "blocks reverse");
        cases.Add("ResetFirstGru", 3, 3, 4, 39, "blocks zoneout lengths reverse");

        foreach (var options in new[] { "", "reverse", "lengths", "zoneout lengths reverse", "time-first", "no state" })
            cases.Add("ResetFirstGru", 3, 4, 5, 7, options);
        cases.Add("ResetFirstGru", 1, 1, 3, 5, "");
        cases.Add("ResetFirstGru", 13, 2, 6, 40, "lengths");
        cases.Add("ResetFirstGru", 2, 3, 0, 5, "");
        foreach (var kind in new[] { "HardLstm", "HardGru", "CoupledLstm", "ResetFirstGru" })
        {
            cases.Add(kind, 3, 4, 5, 7, "zoneout lengths reverse");
            cases.Add(kind, 2, 3, 4, 33, "");
        }

        return cases;
    }

    /// <summary>
    /// Threads divide the sequences of a large batch whose recurrent weights are small, and the units of the other layers.
    /// </summary>
    public static TheoryData<string, int, int> LayersOfThreads =>
        new(from kind in new[] { "Lstm", "Gru", "ResetFirstGru", "Tanh" }
            from size in new[] { (100, 100), (16, 64), (17, 33), (6, 380) }
            select (kind, size.Item1, size.Item2));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_agrees_with_the_definition(string kind, int batch, int steps, int inputs, int hidden, string options)
    {
        using var backend = new CpuBackend(2);
        foreach (var keepsWorkspace in new[] { false, true })
        {
            using var layer = new Layer(backend, Enum.Parse<CellKind>(kind), batch, steps, inputs, hidden, options);
            layer.Forward(keepsWorkspace);
            var (y, hN, cN) = layer.Defined();
            Close(layer.OutputBatchFirst(), y, 2e-6);
            Close(layer.Read(layer.HN), hN, 2e-6);
            if (layer.Cell.HasCell)
                Close(layer.Read(layer.CN), cN, 2e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_match_finite_differences_of_the_definition(string kind, int batch, int steps, int inputs,
        int hidden, string options)
    {
        using var backend = new CpuBackend(2);
        using var layer = new Layer(backend, Enum.Parse<CellKind>(kind), batch, steps, inputs, hidden, options);
        layer.Forward(true);
        layer.Backward();
        foreach (var name in layer.GradientNames)
        {
            var gradient = layer.Gradient(name);
            var stride = Math.Max(1, gradient.Length / 60);
            for (var i = 0; i < gradient.Length; i += stride)
            {
                var numeric = (layer.DefinedLoss(name, i, 1e-5) - layer.DefinedLoss(name, i, -1e-5)) / 2e-5;
                Math.Abs(gradient[i] - numeric).Should().BeLessThan(5e-6 * (1 + Math.Abs(numeric)), "{0}[{1}]", name, i);
            }
        }
    }

    [Theory]
    [MemberData(nameof(LayersOfThreads))]
    public void The_number_of_threads_does_not_change_a_bit(string kind, int batch, int hidden)
    {
        var results = new List<float[]>();
        foreach (var threads in new[] { 1, 2, 3, 5 })
        {
            using var backend = new CpuBackend(threads);
            using var layer = new Layer(backend, Enum.Parse<CellKind>(kind), batch, 6, 40, hidden, "lengths");
            layer.Forward(true);
            layer.Backward();
            results.Add([.. layer.OutputBatchFirst(), .. layer.GradientNames.SelectMany(layer.Gradient)]);
        }

        foreach (var result in results)
            result.Should().Equal(results[0]);
    }

    // A sequence alone has tiles of one row, a batch has larger ones. Without inputs, whose product depends on the batch's size.
    [Theory]
    [InlineData("Lstm")]
    [InlineData("Gru")]
    [InlineData("ResetFirstGru")]
    [InlineData("Tanh")]
    public void A_sequence_alone_has_the_bits_that_it_has_in_a_batch(string kind)
    {
        const int steps = 4, hidden = 300;
        using var backend = new CpuBackend(2);
        using var batch = new Layer(backend, Enum.Parse<CellKind>(kind), 2, steps, 0, hidden, "no state");
        using var alone = new Layer(backend, Enum.Parse<CellKind>(kind), 1, steps, 0, hidden, "no state");
        alone.CopyFirstOf(batch);
        batch.Forward(true);
        alone.Forward(true);
        alone.OutputBatchFirst().Should().Equal(batch.OutputBatchFirst().Take(steps * hidden));
    }

    [Fact]
    public void Inference_in_segments_gives_the_bits_of_one_run()
    {
        // 4 x 300 gates of 512 floats exceed the segment that inference holds at a time.
        using var backend = new CpuBackend(2);
        using var layer = new Layer(backend, CellKind.Lstm, 16, 300, 8, 128, "");
        layer.Forward(true);
        var whole = layer.OutputBatchFirst();
        layer.Forward(false);
        layer.OutputBatchFirst().Should().Equal(whole);
    }

    [Theory]
    [InlineData("Lstm")]
    [InlineData("Gru")]
    [InlineData("ResetFirstGru")]
    [InlineData("Tanh")]
    public void A_batch_of_no_sequences_has_gradients_of_zero(string kind)
    {
        using var backend = new CpuBackend(2);
        using var layer = new Layer(backend, Enum.Parse<CellKind>(kind), 0, 3, 4, 5, "");
        layer.Forward(false);
        layer.Forward(true);
        layer.Backward();
        layer.GradientNames.SelectMany(layer.Gradient).Should().NotBeEmpty().And.OnlyContain(g => g == 0f);
    }

    [Fact]
    public void Sizes_too_large_for_one_step_are_refused()
    {
        Action workspace = () => Backend.RecurrentWorkspace<PlainLstm>(new RecurrentShape(1 << 16, 1, 1, 1 << 16));
        workspace.Should().Throw<SizeLimitException>()
            .WithMessage("*B = 65536, H = 65536 would have * elements, more than 2^31 - 1.*");
        Action steps = () => Backend.RecurrentWorkspace<PlainGru>(new RecurrentShape(1, 0, 1, 1));
        steps.Should().Throw<ArgumentException>().WithMessage("*at least one step*");
    }

    [Fact]
    public void Wrong_sizes_are_refused_by_name()
    {
        using var backend = new CpuBackend(1);
        using var layer = new Layer(backend, CellKind.Lstm, 2, 3, 4, 5, "");
        var arguments = layer.Arguments(false);
        Action weights = () => backend.RecurrentForward<PlainLstm>(
            arguments with { Weights = arguments.Weights with { WeightHh = arguments.Weights.WeightIh } }, layer.Outputs);
        weights.Should().Throw<ArgumentException>()
            .WithMessage("LstmForward: WeightHh should have (4 H, H) = 100 elements; got 80.*");
        Action lengths = () =>
            backend.RecurrentForward<PlainLstm>(arguments with { Lengths = layer.Integers(1, 9) }, layer.Outputs);
        lengths.Should().Throw<ArgumentException>().WithMessage("*lengths should lie in [0, T] = [0, 3]; got 9*");
        Action workspace = () => backend.RecurrentBackward<PlainLstm>(arguments, new RecurrentGradients());
        workspace.Should().Throw<ArgumentException>()
            .WithMessage("LstmBackward: the workspace that the forward pass filled is missing*");
        Action backward = () => backend.RecurrentBackward<PlainLstm>(
            layer.Arguments(true) with { Lengths = layer.Integers(1, 2, 3) }, new RecurrentGradients());
        backward.Should().Throw<ArgumentException>().WithMessage("LstmBackward: Lengths should have (B) = 2 elements; got 3.*");
        Action cell = () => backend.RecurrentForward<PlainGru>(arguments with { Weights = default }, layer.Outputs);
        cell.Should().Throw<ArgumentException>().WithMessage("GruForward: WeightIh should have (3 H, I) = 60 elements; got 0.*");
    }

    private static void Close(float[] actual, double[] expected, double tolerance)
    {
        actual.Length.Should().Be(expected.Length);
        for (var i = 0; i < expected.Length; i++)
            Math.Abs(actual[i] - expected[i]).Should().BeLessThan(tolerance, "element {0}", i);
    }
}
