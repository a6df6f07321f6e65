using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Recurrent;

/// <summary>A layer with random parameters on a backend, and the same in double for the plain definition.</summary>
internal sealed class Layer : IDisposable
{
    private readonly CpuBackend backend;
    private readonly RecurrentShape shape;
    private readonly string options;
    private readonly List<DeviceBuffer> buffers = [];
    private readonly Dictionary<string, DeviceSpan<float>> values = [];
    private readonly Dictionary<string, DeviceSpan<float>> gradients = [];
    private readonly Random random = new(11);
    private readonly DeviceSpan<int> lengths;
    private readonly DeviceSpan<float> y;
    private DeviceSpan<float> workspace;

    internal Layer(CpuBackend backend, CellKind kind, int batch, int steps, int inputs, int hidden, string options)
    {
        this.backend = backend;
        this.options = options;
        shape = new RecurrentShape(batch, steps, inputs, hidden) { DiagonalBlocks = options.Contains("blocks") ? 3 : 1 };
        Cell = TestCell.Of(kind);
        var gates = Cell.Gates;
        Add("x", batch * steps * inputs);
        Add("w_ih", gates * hidden * inputs);
        Add("w_hh", gates * hidden * hidden / shape.DiagonalBlocks);
        Add("b_ih", gates * hidden);
        Add("b_hh", gates * hidden);
        Add("h0", batch * hidden);
        if (Cell.HasCell)
            Add("c0", batch * hidden);
        y = Rent(batch * steps * hidden);
        HN = Rent(batch * hidden);
        CN = Cell.HasCell ? Rent(batch * hidden) : default;
        DY = Random(batch * steps * hidden);
        DHN = Random(batch * hidden);
        DCN = Cell.HasCell ? Random(batch * hidden) : default;
        if (options.Contains("no state"))
        {
            values.Remove("h0");
            values.Remove("c0");
        }

        if (options.Contains("lengths"))
            lengths = Integers([.. Enumerable.Range(0, batch).Select(b => (b * 2) % (steps + 1))]);
        if (options.Contains("zoneout"))
        {
            KeepHidden = Random(steps * batch * hidden, 0.5f, 0.5f);
            KeepCell = Cell.HasCell ? Random(steps * batch * hidden, 0.5f, 0.5f) : default;
        }
    }

    internal TestCell Cell { get; }

    internal DeviceSpan<float> HN { get; }

    internal DeviceSpan<float> CN { get; }

    internal DeviceSpan<float> DY { get; }

    internal DeviceSpan<float> DHN { get; }

    internal DeviceSpan<float> DCN { get; }

    internal DeviceSpan<float> KeepHidden { get; }

    internal DeviceSpan<float> KeepCell { get; }

    internal IEnumerable<string> GradientNames => values.Keys;

    internal RecurrentOutputs Outputs => new(Sequence(y, shape.HiddenSize), HN, CN);

    private bool TimeFirst => options.Contains("time-first");

    internal RecurrentArguments Arguments(bool keepsWorkspace)
    {
        if (keepsWorkspace && workspace.IsAbsent)
        {
            workspace = Rent(Cell.Workspace(shape));
        }

        return new RecurrentArguments
        {
            Shape = shape,
            X = Sequence(values["x"], shape.InputSize),
            Weights = new RecurrentWeights(values["w_ih"], values["w_hh"], values["b_ih"], values["b_hh"]),
            H0 = values.GetValueOrDefault("h0"),
            C0 = values.GetValueOrDefault("c0"),
            Lengths = lengths,
            KeepHidden = KeepHidden,
            KeepCell = KeepCell,
            Reverse = options.Contains("reverse"),
            Workspace = keepsWorkspace ? workspace : default,
        };
    }

    /// <summary>Takes the parameters of a layer of the same sizes, and the first inputs and states of its larger batch.</summary>
    internal void CopyFirstOf(Layer other)
    {
        foreach (var (name, value) in values)
            other.values[name].Slice(0, value.Length).AsHostSpan().CopyTo(value.AsHostSpan());
    }

    internal void Forward(bool keepsWorkspace)
    {
        var arguments = Arguments(keepsWorkspace);
        Cell.Forward(backend, arguments, Outputs);
    }

    internal void Backward()
    {
        foreach (var (name, value) in values)
            gradients[name] = Rent(value.Length);
        var g = new RecurrentGradients
        {
            DY = Sequence(DY, shape.HiddenSize),
            DHN = DHN,
            DCN = DCN,
            DX = Sequence(gradients["x"], shape.InputSize),
            DH0 = gradients.GetValueOrDefault("h0"),
            DC0 = gradients.GetValueOrDefault("c0"),
            Weights = new RecurrentWeights(gradients["w_ih"], gradients["w_hh"], gradients["b_ih"], gradients["b_hh"]),
        };
        var arguments = Arguments(true);
        Cell.Backward(backend, arguments, g);
    }

    internal float[] Gradient(string name) => Read(gradients[name]);

    internal float[] Read(DeviceSpan<float> span) => span.AsHostSpan().ToArray();

    internal float[] OutputBatchFirst() => Array.ConvertAll(BatchFirst(Doubles(y), shape.HiddenSize), v => (float)v);

    /// <summary>The results of the plain definition, with one number of a parameter changed.</summary>
    internal (double[] Y, double[] HN, double[] CN) Defined(string? changed = null, int index = 0, double by = 0)
    {
        double[] Value(string name, int size)
        {
            var value = values.TryGetValue(name, out var span) ? Doubles(span) : new double[size];
            if (name == changed)
                value[index] += by;
            return name == "x" ? BatchFirst(value, shape.InputSize) : name == "w_hh" ? Dense(value) : value;
        }

        var state = shape.Batch * shape.HiddenSize;
        return Definition.Recurrent(Cell.Definition, shape.Batch, shape.Steps, Value("x", 0), Value("w_ih", 0), Value("w_hh", 0),
            Value("b_ih", 0), Value("b_hh", 0), Value("h0", state), Value("c0", state),
            lengths.IsAbsent ? null : lengths.AsHostSpan().ToArray(), options.Contains("reverse"),
            KeepHidden.IsAbsent ? null : Doubles(KeepHidden), KeepCell.IsAbsent ? null : Doubles(KeepCell));
    }

    /// <summary>sum y dY + sum hN dHN + sum cN dCN, whose gradient the backward pass should give.</summary>
    internal double DefinedLoss(string changed, int index, double by)
    {
        var (outputs, hN, cN) = Defined(changed, index, by);
        var dY = BatchFirst(Doubles(DY), shape.HiddenSize);
        var loss = outputs.Zip(dY, (a, b) => a * b).Sum() + hN.Zip(Doubles(DHN), (a, b) => a * b).Sum();
        return DCN.IsAbsent ? loss : loss + cN.Zip(Doubles(DCN), (a, b) => a * b).Sum();
    }

    internal DeviceSpan<int> Integers(params int[] numbers)
    {
        var buffer = backend.Rent(numbers.Length * sizeof(int));
        buffers.Add(buffer);
        var span = new DeviceSpan<int>(buffer, 0, numbers.Length);
        backend.Upload(numbers, span);
        return span;
    }

    public void Dispose() => buffers.ForEach(b => b.Dispose());

    private SequenceSpan Sequence(DeviceSpan<float> data, int width) =>
        TimeFirst ? SequenceSpan.TimeFirst(data, shape.Batch, width) : SequenceSpan.BatchFirst(data, shape.Steps, width);

    // Weights in blocks as a full matrix, row by row.
    private double[] Dense(double[] blocks)
    {
        int h = shape.HiddenSize, d = h / shape.DiagonalBlocks;
        var dense = new double[blocks.Length / d * h];
        for (var row = 0; row < blocks.Length / d; row++)
            Array.Copy(blocks, row * d, dense, (row * h) + (row % h / d * d), d);
        return dense;
    }

    private double[] BatchFirst(double[] data, int width)
    {
        if (!TimeFirst)
            return data;
        var result = new double[data.Length];
        for (var b = 0; b < shape.Batch; b++)
        {
            for (var t = 0; t < shape.Steps; t++)
                Array.Copy(data, ((t * shape.Batch) + b) * width, result, ((b * shape.Steps) + t) * width, width);
        }

        return result;
    }

    private static double[] Doubles(DeviceSpan<float> span) => Array.ConvertAll(span.AsHostSpan().ToArray(), v => (double)v);

    private void Add(string name, int count) => values[name] = Random(count, 0.5f);

    private DeviceSpan<float> Rent(int count)
    {
        var buffer = backend.Rent((long)count * sizeof(float));
        buffers.Add(buffer);
        var span = new DeviceSpan<float>(buffer, 0, count);
        span.AsHostSpan().Fill(float.NaN);
        return span;
    }

    private DeviceSpan<float> Random(int count, float scale = 1f, float shift = 0f)
    {
        var span = Rent(count);
        foreach (ref var v in span.AsHostSpan())
            v = (((random.NextSingle() * 2) - 1) * scale) + shift;
        return span;
    }
}
