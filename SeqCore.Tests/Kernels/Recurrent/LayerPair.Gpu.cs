using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.Recurrent;

/// <summary>A layer with the same random parameters on the CPU and on the GPU.</summary>
internal sealed class LayerPair
{
    private readonly DevicePair pair;
    private readonly TestCell cell;
    private readonly RecurrentShape shape;
    private readonly string options;
    private readonly Random random = new(11);
    private readonly Dictionary<string, DevicePair.Operand> values = [];
    private readonly Dictionary<Backend, DeviceSpan<float>> workspaces = [];

    internal LayerPair(DevicePair pair, CellKind kind, int batch, int steps, int inputs, int hidden, string options)
    {
        this.pair = pair;
        cell = TestCell.Of(kind);
        this.options = options;
        shape = new RecurrentShape(batch, steps, inputs, hidden) { DiagonalBlocks = options.Contains("blocks") ? 3 : 1 };
        int gates = cell.Gates, state = batch * hidden;
        Add("x", Length(inputs));
        Add("w_ih", gates * hidden * inputs);
        Add("w_hh", gates * hidden * hidden / shape.DiagonalBlocks);
        if (!options.Contains("no bias"))
        {
            Add("b_ih", gates * hidden);
            Add("b_hh", gates * hidden);
        }

        Add("dy", Length(hidden));
        if (!options.Contains("no state"))
        {
            Add("h0", state);
            Add("dhn", state);
            Results["hn"] = pair.Output(state);
        }

        Results["y"] = Sequence(hidden);
        if (cell.HasCell && !options.Contains("no state"))
        {
            Add("c0", state);
            Add("dcn", state);
            Results["cn"] = pair.Output(state);
        }

        foreach (var name in values.Keys.Where(n => n[0] != 'd'))
        {
            if (!options.Contains("few gradients") || name is "w_hh" or "c0")
                Gradients[name] = name == "x" ? Sequence(inputs) : pair.Output(values[name].OnCpu.Length);
        }

        if (options.Contains("lengths"))
        {
            int[] lengths = [.. Enumerable.Range(0, batch).Select(b => b * 2 % (steps + 1))];
            Lengths = pair.PutIndices(lengths);
            if (options.Contains("padding"))
                values["x"] = pair.Put(Padded(lengths));
        }

        if (options.Contains("zoneout"))
        {
            values["keep h"] = pair.Put(Numbers(steps * state, 0.5f, 0.5f));
            if (cell.HasCell)
                values["keep c"] = pair.Put(Numbers(steps * state, 0.5f, 0.5f));
        }
    }

    internal Dictionary<string, DevicePair.Operand> Results { get; } = [];

    internal Dictionary<string, DevicePair.Operand> Gradients { get; } = [];

    internal DevicePair.Indices? Lengths { get; set; }

    // Inputs whose padding is NaN, or 0 where the options say so.
    private float[] Padded(int[] lengths)
    {
        var x = Numbers(Length(shape.InputSize), 0.5f, 0f);
        for (var b = 0; b < shape.Batch; b++)
        {
            for (var t = lengths[b]; t < shape.Steps; t++)
            {
                var at = options.Contains("time-first")
                    ? (t * ((shape.Batch * shape.InputSize) + Gap)) + (b * shape.InputSize)
                    : ((b * shape.Steps) + t) * shape.InputSize;
                Array.Fill(x, options.Contains("padding of 0") ? 0f : float.NaN, at, shape.InputSize);
            }
        }

        return x;
    }

    // Room between the steps of sequences that lie with gaps.
    private int Gap => options.Contains("gaps") ? 3 : 0;

    internal void Forward(bool keepsWorkspace) => pair.Run((backend, on) => Forward(backend, on, keepsWorkspace));

    internal void RunOnCpu() => Forward(values["x"].OnCpu.Buffer!.Backend, new DevicePair.Finder(false), keepsWorkspace: false);

    internal void RunOnGpu() => Forward(pair.Gpu, new DevicePair.Finder(true), keepsWorkspace: false);

    internal void Backward() => pair.Run((backend, on) =>
    {
        var g = new RecurrentGradients
        {
            DY = Place(on[values["dy"]], shape.HiddenSize),
            DHN = on[values.GetValueOrDefault("dhn")],
            DCN = on[values.GetValueOrDefault("dcn")],
            DX = Place(on[Gradients.GetValueOrDefault("x")], shape.InputSize),
            DH0 = on[Gradients.GetValueOrDefault("h0")],
            DC0 = on[Gradients.GetValueOrDefault("c0")],
            Weights = Weights(on, Gradients),
        };
        var arguments = Arguments(on, workspaces[backend]);
        cell.Backward(backend, arguments, g);
    });

    internal void ShouldAgree(Dictionary<string, DevicePair.Operand> results, double relative, double absolute)
    {
        foreach (var (name, operand) in results)
            pair.ShouldAgree(operand, relative, absolute, name);
    }

    internal RecurrentArguments Arguments(DevicePair.Finder on, DeviceSpan<float> workspace) => new()
    {
        Shape = shape,
        X = Place(on[values["x"]], shape.InputSize),
        Weights = Weights(on, values),
        H0 = on[values.GetValueOrDefault("h0")],
        C0 = on[values.GetValueOrDefault("c0")],
        Lengths = on[Lengths],
        KeepHidden = on[values.GetValueOrDefault("keep h")],
        KeepCell = on[values.GetValueOrDefault("keep c")],
        Reverse = options.Contains("reverse"),
        Workspace = workspace,
    };

    internal RecurrentOutputs Outputs(DevicePair.Finder on) =>
        new(Place(on[Results["y"]], shape.HiddenSize), on[Results.GetValueOrDefault("hn")], on[Results.GetValueOrDefault("cn")]);

    private void Forward(Backend backend, DevicePair.Finder on, bool keepsWorkspace)
    {
        if (keepsWorkspace && !workspaces.ContainsKey(backend))
        {
            workspaces[backend] = on[pair.Output(cell.Workspace(shape))];
        }

        var arguments = Arguments(on, keepsWorkspace ? workspaces[backend] : default);
        cell.Forward(backend, arguments, Outputs(on));
    }

    private static RecurrentWeights Weights(DevicePair.Finder on, Dictionary<string, DevicePair.Operand> from) =>
        new(on[from.GetValueOrDefault("w_ih")], on[from.GetValueOrDefault("w_hh")], on[from.GetValueOrDefault("b_ih")],
            on[from.GetValueOrDefault("b_hh")]);

    private SequenceSpan Place(DeviceSpan<float> data, int width) => options.Contains("time-first")
        ? new SequenceSpan(data, width, (shape.Batch * width) + Gap)
        : SequenceSpan.BatchFirst(data, shape.Steps, width);

    private int Length(int width) => (shape.Batch * shape.Steps * width) + (shape.Steps * Gap);

    // What lies in the gaps is no result: it stays what it was on both devices.
    private DevicePair.Operand Sequence(int width) =>
        pair.Put(new float[Length(width)].Select(_ => Gap > 0 ? 7f : float.NaN).ToArray());

    // Weights as layers begin with, at most 1 / sqrt H, so that steps do not amplify rounding.
    private void Add(string name, int count) =>
        values[name] = pair.Put(Numbers(count, name[0] == 'w' ? 1f / MathF.Sqrt(shape.HiddenSize) : 0.5f, 0f));

    private float[] Numbers(int count, float scale, float shift) =>
        [.. Enumerable.Range(0, count).Select(_ => (((random.NextSingle() * 2) - 1) * scale) + shift)];
}
