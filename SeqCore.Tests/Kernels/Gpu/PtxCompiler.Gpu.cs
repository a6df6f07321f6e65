using System.Reflection;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using SeqCore.Kernels;
using SeqCore.Kernels.Cells;
using SeqCore.Kernels.Recurrent;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>Compiles kernels to PTX without a GPU.</summary>
internal static class PtxCompiler
{
    private static readonly ILGPU.Context Context = GpuContext.Create(_ => { });
    private static readonly Lock Gate = new();
    private static int compiled;
    private static readonly MethodInfo Compile = typeof(KernelCache)
        .GetMethod(nameof(KernelCache.Ptx), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>
    /// The text of a kernel for sm_80, or, where ninety, sm_90 (whose text ILGPU writes for sm_80 too, checked for the
    /// newer instruction set).
    /// </summary>
    internal static string Ptx(Type kernel, bool ninety = false)
    {
        lock (Gate)
        {
            using var backend = new PTXBackend(Context, ninety ? CudaArchitecture.SM_90 : CudaArchitecture.SM_80,
                ninety ? CudaInstructionSet.ISA_80 : CudaInstructionSet.ISA_70, null!);
            var text = (string)Compile.MakeGenericMethod(kernel).Invoke(null, [backend])!;
            FreeCompiled(Context, ++compiled);
            return text;
        }
    }

    /// <summary>
    /// Frees, at every 16th kernel, what ILGPU keeps of those that were compiled in a context: 5 MB each, which all later
    /// collections would walk.
    /// </summary>
    internal static void FreeCompiled(ILGPU.Context context, int compiled)
    {
        if (compiled % 16 == 0)
            context.ClearCache(ILGPU.ClearCacheMode.Everything);
    }

    internal static string Ptx<TKernel>() where TKernel : struct => Ptx(typeof(TKernel));

    /// <summary>The text of a kernel for aligned operands.</summary>
    internal static string AlignedPtx<TKernel>() where TKernel : struct, IFloat4Kernel =>
        Ptx<Float4Kernel<TKernel, AlignedFloat4>>();

    /// <summary>Every kernel of the library; a generic one with all structs of the library that its parameters allow.</summary>
    internal static IEnumerable<Type> Kernels()
    {
        var types = typeof(Backend).Assembly.GetTypes();
        foreach (var kernel in types.Where(t => t.IsValueType && t.GetInterfaces().Contains(typeof(IGpuKernel))))
        {
            foreach (var closed in Close(kernel, types).Where(IsLaunched))
                yield return closed;
        }
    }

    /// <summary>
    /// A recurrent kernel runs in the stages that its cell has. Of the cells' activations, which are formulas alone, two pairs
    /// stand for all.
    /// </summary>
    private static bool IsLaunched(Type kernel)
    {
        var arguments = kernel.GetGenericArguments();
        if (arguments.FirstOrDefault(a => a.IsAssignableTo(typeof(IRecurrentCell))) is not { } cell)
            return true;
        var resets = (int)cell.GetProperty(nameof(IRecurrentCell.ResetBlock))!.GetValue(null)! >= 0;
        var stage = arguments.FirstOrDefault(a => a.IsAssignableTo(typeof(IStepStage))) ?? typeof(WholeStep);
        var activations = cell.GetGenericArguments();
        Type[][] pairs =
        [
            [typeof(SigmoidActivation), typeof(TanhActivation)],
            [typeof(HardSigmoidActivation), typeof(ReluActivation)],
        ];
        return resets != (stage == typeof(WholeStep))
            && pairs.Any(p => activations.SequenceEqual(p.TakeLast(activations.Length)));
    }

    private static IEnumerable<Type> Close(Type kernel, Type[] types)
    {
        if (!kernel.IsGenericTypeDefinition)
            return [kernel];
        var parameters = kernel.GetGenericArguments();
        IEnumerable<Type[]> choices = [[]];
        foreach (var parameter in parameters)
        {
            var wanted = parameter.GetGenericParameterConstraints().Where(c => c.IsInterface).ToArray();
            var fitting = types.Where(t => t.IsValueType && wanted.Length > 0 && wanted.All(w => Implements(t, w)))
                .SelectMany(t => Close(t, types)).ToList();
            choices = choices.SelectMany(c => fitting, (c, t) => (Type[])[.. c, t]).ToList();
        }

        return choices.Where(c => parameters.All(p => Fits(p, parameters, c))).Select(c => kernel.MakeGenericType(c));
    }

    private static bool Implements(Type type, Type wanted) => wanted.IsAssignableFrom(type)
        || (wanted.ContainsGenericParameters && type.GetInterfaces().Any(i => Definition(i) == Definition(wanted)));

    /// <summary>Whether a choice of arguments meets a parameter's constraints, which may name other parameters.</summary>
    private static bool Fits(Type parameter, Type[] parameters, Type[] choice) => parameter.GetGenericParameterConstraints()
        .Where(c => c.IsInterface && c.ContainsGenericParameters)
        .All(c => Definition(c).MakeGenericType([.. c.GetGenericArguments().Select(a => choice[Array.IndexOf(parameters, a)])])
            .IsAssignableFrom(choice[parameter.GenericParameterPosition]));

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
